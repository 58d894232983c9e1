/**
 * What a Kubernetes API server does, as tests that name the rule. They speak raw HTTP to a {@link dev.trimtab.sandbox.judge.Judge}:
 * the sandbox, or a real API server. Nothing here may know which one it is: where the two differ, the sandbox is wrong.
 */
@NullMarked
package dev.trimtab.sandbox.conformance;

import org.jspecify.annotations.NullMarked;
