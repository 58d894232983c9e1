/**
 * Who may do what: users, and the rules of RBAC over the roles and bindings that are stored. Comes in: who asks and for what.
 * Goes out: whether and why. Knows nothing of HTTP.
 */
@NullMarked
package dev.trimtab.sandbox.api.access;

import org.jspecify.annotations.NullMarked;
