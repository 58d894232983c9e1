/**
 * Objects as rows for people, as {@code kubectl get} prints them. Comes in: objects and the time. Goes out: columns and cells of a
 * {@code meta.k8s.io Table}.
 */
@NullMarked
package dev.trimtab.sandbox.api.table;

import org.jspecify.annotations.NullMarked;
