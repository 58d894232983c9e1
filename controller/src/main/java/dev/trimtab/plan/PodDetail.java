package dev.trimtab.plan;

/** What a plan tells of the pods that a change concerns. */
public enum PodDetail {
    /** How many they are: enough to carry a plan out. */
    COUNT,
    /** Their names too, for people; costs a list of pods, and one more of ReplicaSets, for each workload whose template changes. */
    NAMES
}
