/**
 * What a test run says at its end: counts, and every test that was not run with its reason. Comes in: the events of the JUnit
 * Platform. It knows no test.
 */
@NullMarked
package dev.trimtab.report;

import org.jspecify.annotations.NullMarked;
