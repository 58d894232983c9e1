/**
 * Small stand-ins for what runs beside an API server: scheduler, kubelets, workload controllers, garbage collection,
 * namespaces. Comes in: the API and names of nodes. Goes out: what a cluster's own components would write, in their order.
 * They use the API as any client would; what they keep in memory, they can read back from it.
 */
@NullMarked
package dev.trimtab.sandbox.controllers;

import org.jspecify.annotations.NullMarked;
