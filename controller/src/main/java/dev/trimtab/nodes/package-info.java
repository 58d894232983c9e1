/**
 * Keeps what the inventory says of the cluster's nodes: labels, annotations, taints, cordons, and the drain of those that are to go.
 * Takes a definition and one cluster as raw JSON, gives a plan of writes and observations, and carries the writes out. Everything that
 * decides is a pure function; requests are made by {@link dev.trimtab.nodes.FactsReader}, {@link dev.trimtab.nodes.NodeWriter} and
 * {@link dev.trimtab.nodes.Drainer} alone. No Node is deleted but by {@link dev.trimtab.nodes.NodeRemoval}, which only a person
 * starts. It must not know how a plan is shown, and it reaches no kubelet.
 */
@NullMarked
package dev.trimtab.nodes;

import org.jspecify.annotations.NullMarked;
