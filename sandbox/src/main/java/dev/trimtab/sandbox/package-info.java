/**
 * An embedded Kubernetes: one JVM, loopback only, nothing but the JDK, Jackson and snakeyaml.
 * Comes in: a port, nodes and a clock. Goes out: an API that any Kubernetes client can use. It knows nothing of Trimtab.
 */
@NullMarked
package dev.trimtab.sandbox;

import org.jspecify.annotations.NullMarked;
