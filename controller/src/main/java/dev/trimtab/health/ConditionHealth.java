package dev.trimtab.health;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Kinds without rules of their own: what their conditions say. Abnormal conditions outweigh Ready. */
final class ConditionHealth {

    private ConditionHealth() {}

    /**
     * @param plain whether an object of this kind without conditions has nothing more to become, as most of Kubernetes' own
     */
    static Health of(JsonNode live, boolean plain) {
        Optional<Condition> stalled = Condition.of(live, "Stalled");
        if (stalled.isPresent() && stalled.get().status().equals("True")) {
            return new Health.Failed(stalled.get().told("it is stalled"));
        }
        Optional<Condition> reconciling = Condition.of(live, "Reconciling");
        if (reconciling.isPresent() && reconciling.get().status().equals("True")) {
            return new Health.Progressing(reconciling.get().told("it is being reconciled"));
        }
        Optional<Condition> ready = Condition.of(live, "Ready");
        if (ready.isPresent()) {
            if (ready.get().stale()) {
                return new Health.Progressing("its condition Ready speaks of an older generation");
            }
            return ready.get().status().equals("True")
                    ? new Health.Healthy()
                    : new Health.Progressing(ready.get().told("it is not ready"));
        }
        return plain || stalled.isPresent() || reconciling.isPresent()
                ? new Health.Healthy()
                : new Health.Unknown("it has no condition Ready");
    }
}
