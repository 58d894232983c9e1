/**
 * Prometheus series of what the controller does. Comes in: events and figures of syncs, traffic of clusters. Goes out: the text that
 * Prometheus scrapes. Must not ask a cluster or a repository: a scrape costs nobody a request.
 */
@NullMarked
package dev.trimtab.metrics;

import org.jspecify.annotations.NullMarked;
