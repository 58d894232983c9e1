/**
 * Failures on demand, for tests of how a client takes them. Comes in: rules from a test, requests from the HTTP side. Goes out:
 * what befalls a request. It knows nothing of HTTP itself, and the stand-ins are never hit.
 */
@NullMarked
package dev.trimtab.sandbox.faults;

import org.jspecify.annotations.NullMarked;
