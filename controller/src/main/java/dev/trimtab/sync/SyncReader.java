package dev.trimtab.sync;

import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.sync.ClusterSync.AuditSpec;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.HealthSpec;
import dev.trimtab.sync.ClusterSync.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one ClusterSync document; whatever is wrong with it is gathered with its place. */
final class SyncReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration AUDIT_INTERVAL = Duration.ofHours(1);
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%");

    private final SyncFields fields;

    SyncReader(Manifest manifest) {
        this.fields = new SyncFields(manifest);
    }

    List<Problem> problems() {
        return fields.problems();
    }

    /** Empty when something that cannot be done without is missing or wrong. */
    Optional<ClusterSync> read() {
        fields.only("", Set.of("apiVersion", "kind", "metadata", "spec"));
        fields.only(
                "/spec",
                Set.of(
                        "source",
                        "cluster",
                        "interval",
                        "mode",
                        "selfHeal",
                        "prune",
                        "guards",
                        "windows",
                        "suspend",
                        "ignore",
                        "health",
                        "audit",
                        "updatePolicy"));
        fields.only("/spec/cluster", Set.of("kubeconfig", "context"));
        fields.only("/spec/health", Set.of("follow", "timeout"));
        fields.only("/spec/audit", Set.of("interval", "share"));
        String name = fields.text("/metadata/name").orElse("");
        if (!NAME.matcher(name).matches()) {
            fields.wrong("/metadata/name", "\"" + name + "\" must be a DNS label of at most 40 characters");
        }
        ClusterSync sync = new ClusterSync(
                name,
                new SourceReader(fields).read(),
                new ClusterSpec(
                        fields.text("/spec/cluster/kubeconfig").map(Path::of), fields.text("/spec/cluster/context")),
                fields.duration("/spec/interval", DEFAULT_INTERVAL, SHORTEST_INTERVAL),
                mode(),
                fields.truth("/spec/selfHeal"),
                fields.truth("/spec/prune"),
                new PolicyReader(fields).read(),
                new IgnoreReader(fields).read(),
                new HealthSpec(
                        fields.truth("/spec/health/follow", false),
                        fields.duration("/spec/health/timeout", HealthSpec.STANDARD.timeout(), SHORTEST_WAIT)),
                audit(),
                updatePolicy());
        return fields.problems().isEmpty() ? Optional.of(sync) : Optional.empty();
    }

    private Optional<AuditSpec> audit() {
        if (fields.at("/spec/audit").isMissingNode()) {
            return Optional.empty();
        }
        Duration interval = fields.duration("/spec/audit/interval", AUDIT_INTERVAL, SHORTEST_WAIT);
        String share = fields.text("/spec/audit/share").orElse("1%");
        Matcher percent = PERCENT.matcher(share);
        double value = percent.matches() ? Double.parseDouble(percent.group(1)) : 0;
        if (value <= 0 || value > 100) {
            fields.wrong("/spec/audit/share", "\"" + share + "\" is not a share such as 1% or 0.5%");
        }
        return Optional.of(new AuditSpec(interval, value));
    }

    private UpdateStrategy.Policy updatePolicy() {
        String written = fields.text("/spec/updatePolicy").orElse("InPlaceIfPossible");
        return switch (written) {
            case "InPlaceIfPossible" -> UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE;
            case "InPlaceOnly" -> UpdateStrategy.Policy.IN_PLACE_ONLY;
            case "ReCreate" -> UpdateStrategy.Policy.RECREATE;
            default -> {
                fields.wrong(
                        "/spec/updatePolicy",
                        "\"" + written + "\" is not one of InPlaceIfPossible, InPlaceOnly, ReCreate");
                yield UpdateStrategy.Policy.RECREATE;
            }
        };
    }

    private Mode mode() {
        String written = fields.text("/spec/mode").orElse("apply");
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(written)) {
                return mode;
            }
        }
        fields.wrong("/spec/mode", "\"" + written + "\" is not one of apply, plan, observe");
        return Mode.OBSERVE;
    }
}
