package dev.trimtab.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;

/** One plain Kubernetes manifest as it was written. Nobody changes {@code json}. */
public record Manifest(ObjectKey key, ObjectNode json, Positions positions) {}
