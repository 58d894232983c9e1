package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.apply.Consent;
import dev.trimtab.apply.Inventory;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.TestCluster;
import dev.trimtab.plan.Claims;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync.AuditSpec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds what a watch kept to itself. */
class AuditTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final TestCluster server = TestCluster.start();
    private final Desired desired = Written.desired(1, """
            apiVersion: v1
            kind: Namespace
            metadata: {name: audited}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: one, namespace: audited}
            data: {a: b}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: two, namespace: audited}
            data: {a: b}
            """);
    private final List<SyncEvent> events = new ArrayList<>();
    private volatile boolean deaf;

    @BeforeEach
    void sweep() {
        server.sweep(List.of("audited", Inventory.NAMESPACE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatNoWatchShowedIsFoundToldAndNoLongerHeldAsUnchanged() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Audit audit = audit(Optional.of(new AuditSpec(INTERVAL, 100)));
        try (Session session = settled()) {
            assertThat(audit.step(session, desired, now)).as("not yet").isEmpty();
            assertThat(audit.next()).contains(now.plus(INTERVAL));
            assertThat(audit.step(session, desired, now.plus(INTERVAL))).isEmpty();
            assertThat(audited()).satisfies(event -> assertThat(event.objects()).isEqualTo(3));

            deaf = true;
            edit("one");
            ObjectKey one = Written.key("", "ConfigMap", "audited", "one");

            assertThat(session.unchanged(desired)).contains(one);
            assertThat(audit.step(session, desired, now.plus(INTERVAL.multipliedBy(2))))
                    .containsExactly(one);
            assertThat(audited().wrong()).containsExactly(one);
            assertThat(session.unchanged(desired)).doesNotContain(one);
        }
    }

    @Test
    void aShareIsAtLeastOneObject() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Audit audit = audit(Optional.of(new AuditSpec(INTERVAL, 1)));
        try (Session session = settled()) {
            audit.step(session, desired, now);
            audit.step(session, desired, now.plus(INTERVAL));

            assertThat(audited().objects()).isEqualTo(1);
        }
    }

    @Test
    void nobodyIsAskedWhereASyncWantsNoAudit() {
        Audit audit = audit(Optional.empty());
        try (Session session = settled()) {
            assertThat(audit.step(session, desired, Instant.MAX)).isEmpty();
            assertThat(audit.next()).isEmpty();
            assertThat(events).isEmpty();
        }
    }

    private SyncEvent.Audited audited() {
        return events.stream()
                .filter(SyncEvent.Audited.class::isInstance)
                .map(SyncEvent.Audited.class::cast)
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private Audit audit(Optional<AuditSpec> spec) {
        ClusterSync sync = new ClusterSync(
                "demo",
                new ClusterSync.SourceSpec(
                        "file:///repo.git", "main", RepoPath.ROOT, Duration.ofSeconds(10), Optional.empty()),
                new ClusterSync.ClusterSpec(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(30),
                ClusterSync.Mode.APPLY,
                true,
                true,
                Policy.STANDARD);
        News news = new News(sync, (name, event) -> events.add(event), Clock.systemUTC());
        return new Audit(spec, "file:///repo.git", new Random(1), news);
    }

    private Session settled() {
        Session session = Session.open(
                hearing(server.client()),
                new Claims(),
                "demo",
                PodDetail.COUNT,
                UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE,
                Clock.systemUTC(),
                key -> {});
        session.apply(session.plan("file:///repo.git", desired, false, false), desired, Consent.STANDARD);
        assertThat(session.plan("file:///repo.git", desired, false, false).changes())
                .isEmpty();
        return session;
    }

    private void edit(String configMap) {
        server.client()
                .patch(
                        server.client().resource("v1", "ConfigMap").orElseThrow(),
                        Optional.of("audited"),
                        configMap,
                        "",
                        PatchType.MERGE,
                        Written.object("data: {a: changed}"),
                        "kubectl-edit");
    }

    /** Its watches can be made to tell nothing. */
    private ClusterClient hearing(ClusterClient real) {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("metadataInformer")) {
                            @SuppressWarnings("unchecked")
                            Consumer<Event> listener = (Consumer<Event>) arguments[3];
                            Consumer<Event> hearing = event -> {
                                if (!deaf) {
                                    listener.accept(event);
                                }
                            };
                            return method.invoke(real, arguments[0], arguments[1], arguments[2], hearing);
                        }
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
