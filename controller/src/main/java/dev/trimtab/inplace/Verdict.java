package dev.trimtab.inplace;

import java.util.List;
import java.util.Set;

/** What a change of the pod template does to pods that run. Every verdict names the paths that decided it. */
public sealed interface Verdict {

    List<Reason> reasons();

    /** Nothing changes in a pod. */
    record Unchanged(List<Reason> reasons) implements Verdict {
        public Unchanged {
            reasons = List.copyOf(reasons);
        }
    }

    /** Labels or annotations are patched into running pods; nothing restarts. */
    record MetadataOnly(List<Reason> reasons) implements Verdict {
        public MetadataOnly {
            reasons = List.copyOf(reasons);
        }
    }

    /** The named containers restart inside the running pods. */
    record InPlace(Set<String> containers, List<Reason> reasons) implements Verdict {
        public InPlace {
            containers = Set.copyOf(containers);
            reasons = List.copyOf(reasons);
        }
    }

    /** Resources of the named containers change without a restart. */
    record Resize(Set<String> containers, List<Reason> reasons) implements Verdict {
        public Resize {
            containers = Set.copyOf(containers);
            reasons = List.copyOf(reasons);
        }
    }

    /** Pods are replaced by new ones. */
    record Recreate(List<Reason> reasons) implements Verdict {
        public Recreate {
            reasons = List.copyOf(reasons);
        }
    }

    /** The strategy forbids what the change needs: nothing happens to pods until one of the two changes. */
    record Refused(List<Reason> reasons) implements Verdict {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
