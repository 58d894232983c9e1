package dev.trimtab.definition;

/** Names one key of a Secret in the cluster; secret values never stand in a definition. */
public record SecretRef(String name, String key) {}
