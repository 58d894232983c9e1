package dev.trimtab.report;

import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import java.util.Optional;

/**
 * One thing to be said by a Kubernetes Event.
 *
 * @param about empty for the sync itself
 * @param reason one word in CamelCase
 */
record Notice(Optional<About> about, EventRecorder.Type type, String reason, String message) {

    /**
     * An object, and what is known of it without asking.
     *
     * @param apiVersion empty where only the group is known
     */
    record About(ObjectKey object, Optional<String> apiVersion, Optional<String> uid) {

        static About of(ObjectKey object) {
            return new About(object, Optional.empty(), Optional.empty());
        }

        /** As the plan has it. */
        static About of(ObjectKey object, Plan plan) {
            return plan.changes().stream()
                    .filter(change -> change.object().equals(object))
                    .findFirst()
                    .map(About::of)
                    .orElseGet(() -> of(object));
        }

        static About of(Change change) {
            return new About(change.object(), Optional.of(change.apiVersion()), change.uid());
        }
    }

    static Notice ofSync(EventRecorder.Type type, String reason, String message) {
        return new Notice(Optional.empty(), type, reason, message);
    }

    static Notice of(About about, EventRecorder.Type type, String reason, String message) {
        return new Notice(Optional.of(about), type, reason, message);
    }
}
