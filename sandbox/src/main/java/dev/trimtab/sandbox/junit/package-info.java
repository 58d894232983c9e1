/**
 * Sandboxes for JUnit tests. Comes in: an annotated test. Goes out: a running sandbox for it, and what the test asks for of it as
 * parameters. The only package that needs JUnit.
 */
@NullMarked
package dev.trimtab.sandbox.junit;

import org.jspecify.annotations.NullMarked;
