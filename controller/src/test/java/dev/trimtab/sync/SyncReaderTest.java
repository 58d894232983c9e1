package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.apply.Guards;
import dev.trimtab.apply.Guards.Budget;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.source.Credentials;
import dev.trimtab.source.ProxyServer;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.TransferLimits;
import dev.trimtab.source.Verification.Scope;
import dev.trimtab.source.VersionRange;
import dev.trimtab.source.Wanted;
import dev.trimtab.sync.ClusterSync.CredentialFiles;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.VerifySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncReaderTest {

    private static final String SMALLEST = """
            apiVersion: sync.trimtab.dev/v1alpha1
            kind: ClusterSync
            metadata:
              name: shop
            spec:
              source:
                repository: https://git.example.com/cluster.git
                ref: main
            """;

    @TempDir
    private Path folder;

    @Test
    void theSmallestSyncTakesTheDefaults() throws IOException {
        SyncFile file = read(SMALLEST);
        assertThat(file.problems()).isEmpty();
        ClusterSync sync = file.syncs().get(0);
        assertThat(sync.name()).isEqualTo("shop");
        assertThat(sync.mode()).isEqualTo(Mode.APPLY);
        assertThat(sync.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(sync.selfHeal()).isTrue();
        assertThat(sync.prune()).isTrue();
        assertThat(sync.source().path()).isEqualTo(RepoPath.ROOT);
        assertThat(sync.source().credentials()).isEmpty();
        assertThat(sync.cluster().kubeconfig()).isEmpty();
    }

    @Test
    void everyFieldIsRead() throws IOException {
        ClusterSync sync = read(SMALLEST.replace("    ref: main\n", """
                    ref: release
                    path: clusters/prod
                    timeout: 5s
                    credentials:
                      privateKeyFile: /keys/id
                      knownHostsFile: /keys/known_hosts
                """.indent(0)) + """
                  cluster:
                    kubeconfig: /k.yaml
                    context: prod
                  interval: 1m30s
                  mode: observe
                  selfHeal: false
                  prune: false
                  updatePolicy: ReCreate
                  health: {follow: true, timeout: 2m}
                  audit: {share: 0.5%}
                """)
                .syncs()
                .get(0);
        assertThat(sync.updatePolicy()).isEqualTo(UpdateStrategy.Policy.RECREATE);
        assertThat(sync.health()).isEqualTo(new ClusterSync.HealthSpec(true, Duration.ofMinutes(2)));
        assertThat(sync.audit()).contains(new ClusterSync.AuditSpec(Duration.ofHours(1), 0.5));
        assertThat(sync.source().wanted()).isEqualTo(new Wanted.Named("release"));
        assertThat(sync.source().path()).isEqualTo(new RepoPath("clusters/prod"));
        assertThat(sync.source().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(sync.source().credentials())
                .contains(new CredentialFiles.SshKey(Path.of("/keys/id"), Path.of("/keys/known_hosts")));
        assertThat(sync.cluster().kubeconfig()).contains(Path.of("/k.yaml"));
        assertThat(sync.cluster().context()).contains("prod");
        assertThat(sync.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(sync.mode()).isEqualTo(Mode.OBSERVE);
        assertThat(sync.selfHeal()).isFalse();
        assertThat(sync.prune()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "updatePolicy: inPlace       | spec.updatePolicy: \"inPlace\" is not one of InPlaceIfPossible, InPlaceOnly, ReCreate",
                "health: {timeout: 10}       | spec.health.timeout: 10 has no unit; write a duration such as 10s",
                "health: {follow: perhaps}   | spec.health.follow: must be true or false",
                "audit: {share: 0%}          | spec.audit.share: \"0%\" is not a share such as 1% or 0.5%",
                "audit: {share: 101%}        | spec.audit.share: \"101%\" is not a share such as 1% or 0.5%",
                "audit: {every: 1h}          | unknown field \"every\" in ClusterSync.spec.audit",
            })
    void whatIsWrongInAFieldIsToldInWords(String field, String text) throws IOException {
        assertThat(read(SMALLEST + "  " + field + "\n").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).isEqualTo(text));
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "name: shop            | name: Shop_1                     | SYN003 | 4",
                "ref: main             | reff: main                       | SYN002 | 7",
                "https://git           | https://me:secret@git            | SYN007 | 7",
                "ref: main             | path: ../x                       | SYN003 | 8",
                "kind: ClusterSync     | kind: Service                    | SYN004 | 1",
            })
    void whatIsWrongIsToldWithItsPlace(String before, String after, String code, int line) throws IOException {
        SyncFile file = read(SMALLEST.replace(before.strip(), after.strip()));
        assertThat(file.refused()).isTrue();
        assertThat(file.syncs()).isEmpty();
        assertThat(file.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.code().id()).isEqualTo(code.strip());
                    assertThat(problem.at().line()).isEqualTo(line);
                })
                .noneSatisfy(problem -> assertThat(problem.toString()).contains("secret"));
    }

    @Test
    void whatIsTrustedAndHowMuchOfItIsRead() throws IOException {
        ClusterSync.SourceSpec source = read(SMALLEST.replace("    ref: main\n", """
                    semver: ">=1.2 <2"
                    proxy: {url: "http://proxy.example.org:8080", user: ann, passwordFile: /keys/proxy}
                    limits: {fetch: 1Gi, object: 10Mi, entries: 500, files: 20, file: 64Ki, total: 1000}
                    verify:
                      mode: all
                      keyFiles: [/keys/team]
                      secretRef: {name: signers}
                """.indent(0)))
                .syncs()
                .get(0)
                .source();
        assertThat(source.wanted())
                .isEqualTo(new Wanted.Version(VersionRange.parse(">=1.2 <2").orElseThrow()));
        assertThat(source.proxy())
                .contains(new ProxyServer(
                        "proxy.example.org",
                        8080,
                        Optional.of(new Credentials.TokenFile("ann", Path.of("/keys/proxy")))));
        assertThat(source.limits()).isEqualTo(new TransferLimits(1L << 30, 10L << 20, 500));
        assertThat(source.definitionLimits().files()).isEqualTo(20);
        assertThat(source.definitionLimits().fileBytes()).isEqualTo(64L << 10);
        assertThat(source.definitionLimits().totalBytes()).isEqualTo(1000);
        assertThat(source.verify())
                .contains(new VerifySpec(Scope.ALL, List.of(Path.of("/keys/team")), Optional.of("signers")));
        assertThat(read(SMALLEST.replace("ref: main", "commit: " + "a1".repeat(20)))
                        .syncs()
                        .get(0)
                        .source()
                        .wanted())
                .isEqualTo(new Wanted.Commit("a1".repeat(20)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "ref: main\n    semver: 1.x",
                "semver: latest",
                "commit: 0123abc",
                "path: x",
                "ref: main\n    proxy: {url: 'https://proxy:1'}",
                "ref: main\n    proxy: {url: 'http://ann:secret@proxy:1'}",
                "ref: main\n    proxy: {url: 'http://proxy:1', user: ann}",
                "ref: main\n    limits: {fetch: 0}",
                "ref: main\n    limits: {fetch: lots}",
                "ref: main\n    limits: {entries: 1Mi}",
                "ref: main\n    verify: {mode: head}",
                "ref: main\n    verify: {mode: most, keyFiles: [/k]}",
                "ref: main\n    verify: {keyFiles: /k}",
                "ref: main\n    verify: {secretRef: {namespace: x, name: y}}",
            })
    void aSourceThatCannotBeMeantIsRefused(String written) throws IOException {
        SyncFile file = read(SMALLEST.replace("ref: main", written));
        assertThat(file.refused()).isTrue();
        assertThat(file.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.at().line()).isBetween(6, 9))
                .noneSatisfy(problem -> assertThat(problem.toString()).contains("secret@"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh://git:secret@git.example.org/a.git", "https://secret@git.example.org/a.git"})
    void anAddressWithALoginIsRefusedAndNotShown(String address) throws IOException {
        SyncFile file = read(SMALLEST.replace("https://git.example.com/cluster.git", address));
        assertThat(file.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(SyncCode.SYN007);
            assertThat(problem.toString()).doesNotContain("secret");
        });
    }

    @Test
    void guardsWindowsAndSuspensionAreRead() throws IOException {
        Policy policy = read(SMALLEST + """
                  guards:
                    deletes: {number: 3}
                    recreates: {number: 5, percent: 20}
                    protectedKinds: [Namespace]
                  windows:
                  - kind: deny
                    schedule: "0 8 * * 1-5"
                    duration: 10h
                    timeZone: Europe/Berlin
                  suspend:
                    reason: migration
                    until: 2026-12-01T08:00:00+01:00
                """).syncs().get(0).policy();
        assertThat(policy.guards())
                .isEqualTo(new Guards(
                        new Budget(OptionalInt.of(3), OptionalInt.empty()),
                        new Budget(OptionalInt.of(5), OptionalInt.of(20)),
                        Set.of("Namespace")));
        assertThat(policy.windows().windows())
                .containsExactly(new Window(
                        Window.Kind.DENY,
                        CronSchedule.parse("0 8 * * 1-5"),
                        Duration.ofHours(10),
                        ZoneId.of("Europe/Berlin")));
        assertThat(policy.suspension())
                .contains(new Suspension("migration", "", Optional.of(Instant.parse("2026-12-01T07:00:00Z"))));
        assertThat(read(SMALLEST).syncs().get(0).policy()).isEqualTo(Policy.STANDARD);
        assertThat(read(SMALLEST + "  suspend: true\n").syncs().get(0).policy().suspension())
                .isPresent();
    }

    @ParameterizedTest(name = "{0} is refused at {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "guards: {deletes: {number: -1}}                                  | 9",
                "guards: {deletes: {percent: 101}}                                | 9",
                "guards: {deletes: {}}                                            | 9",
                "guards: {deletes: 3}                                             | 9",
                "guards: {protectedKinds: Namespace}                              | 9",
                "guards: {delete: {number: 1}}                                    | 9",
                "windows: {kind: deny}                                            | 9",
                "windows: [{kind: deni, schedule: '0 8 * * *', duration: 1h}]     | 9",
                "windows: [{kind: deny, schedule: '0 8 * *', duration: 1h}]       | 9",
                "windows: [{kind: deny, schedule: '0 8 * * *'}]                   | 9",
                "windows: [{kind: deny, schedule: '0 8 * * *', duration: 10s}]    | 9",
                "windows: [{kind: deny, schedule: '0 8 * * *', duration: 1h, timeZone: Europe/Bonn}] | 9",
                "suspend: maybe                                                   | 9",
                "suspend: {until: 2026-12-01T08:00:00Z}                           | 9",
                "suspend: {reason: x, until: tomorrow}                            | 9",
                "ignore: {kind: Deployment}                                       | 9",
                "ignore: [Deployment]                                             | 9",
                "ignore: [{paths: [/spec/replicas]}]                              | 9",
                "ignore: [{kind: Deployment}]                                     | 9",
                "ignore: [{kind: Deployment, paths: []}]                          | 9",
                "ignore: [{kind: Deployment, paths: [spec.replicas]}]             | 9",
                "ignore: [{kind: Deployment, paths: [/spec/containers/0/image]}]  | 9",
                "ignore: [{kind: Deployment, paths: [/metadata]}]                 | 9",
                "ignore: [{kind: Deployment, paths: [/metadata/labels/trimtab.dev~1sync]}] | 9",
                "ignore: [{kind: Deployment, path: [/spec/replicas], paths: [/spec/replicas]}] | 9",
            })
    void aPolicyThatCannotBeMeantIsRefused(String written, int line) throws IOException {
        SyncFile file = read(SMALLEST + "  " + written.strip() + "\n");
        assertThat(file.refused()).isTrue();
        assertThat(file.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.at().line()).isEqualTo(line));
    }

    @Test
    void ignoreRulesAreRead() throws IOException {
        IgnoreRules rules = read(SMALLEST + """
                  ignore:
                  - kind: Deployment
                    name: web-*
                    namespace: shop
                    paths: [/spec/replicas, "/spec/template/spec/containers/[name=app]/image"]
                """).syncs().get(0).ignore();

        assertThat(rules.rules())
                .containsExactly(new IgnoreRules.Rule(
                        "Deployment",
                        Optional.of("web-*"),
                        Optional.of("shop"),
                        List.of(
                                FieldPointer.parse("/spec/replicas"),
                                FieldPointer.parse("/spec/template/spec/containers/[name=app]/image"))));
        assertThat(read(SMALLEST).syncs().get(0).ignore()).isEqualTo(IgnoreRules.NONE);
    }

    @ParameterizedTest(name = "interval \"{0}\" is refused")
    @CsvSource({"10", "ten", "''", "1ms", "-5s", "5s5m"})
    void aDurationHasAUnitAndIsNotTooShort(String interval) throws IOException {
        SyncFile file = read(SMALLEST + "  interval: \"" + interval + "\"\n");
        assertThat(file.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(SyncCode.SYN003);
            assertThat(problem.at().line()).isEqualTo(9);
        });
    }

    @Test
    void twoSyncsOfOneNameAreRefused() throws IOException {
        assertThat(read(SMALLEST + "---\n" + SMALLEST).refused()).isTrue();
    }

    @Test
    void aFileThatIsNotThereIsAProblemNotAnException() {
        SyncFile file = SyncFile.read(folder.resolve("absent.yaml"));
        assertThat(file.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(SyncCode.SYN006));
    }

    private SyncFile read(String text) throws IOException {
        return SyncFile.read(Files.writeString(folder.resolve("sync.yaml"), text));
    }
}
