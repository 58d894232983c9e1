package dev.trimtab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the map of the stations: data goes one way, and nobody looks ahead. */
class ArchitectureTest {

    /** The way a change goes. A station may use those before it, never one after it. */
    private static final List<String> STATIONS = List.of(
            "codes",
            "kube",
            "source",
            "definition",
            "render",
            "bootstrap",
            "inplace",
            "health",
            "plan",
            "apply",
            "drift",
            "nodes",
            "join",
            "review",
            "sync",
            "report",
            "metrics",
            "web",
            "cli");

    /** Stations that must not even know some of those before them. */
    private static final Map<String, List<String>> BLIND = Map.of(
            "source", List.of("kube"),
            "kube", List.of("source"),
            "inplace", List.of("source", "definition", "render", "bootstrap"),
            "health", List.of("source", "definition", "render", "bootstrap"),
            "sync", List.of("review", "join"),
            "report", List.of("review", "join", "bootstrap"),
            "metrics", List.of("report"),
            "web", List.of("report"),
            "join", List.of("inplace", "health", "plan", "apply", "drift", "nodes"));

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.trimtab");

    static Stream<Arguments> stations() {
        return STATIONS.stream().map(station -> {
            List<String> forbidden = new ArrayList<>(STATIONS.subList(STATIONS.indexOf(station) + 1, STATIONS.size()));
            forbidden.addAll(BLIND.getOrDefault(station, List.of()));
            return Arguments.of(station, forbidden);
        });
    }

    @ParameterizedTest(name = "{0} imports none of {1}")
    @MethodSource("stations")
    void stationImportsOnlyEarlierStations(String station, List<String> forbidden) {
        if (forbidden.isEmpty()) {
            return;
        }
        noClasses()
                .that()
                .resideInAPackage("dev.trimtab." + station + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.stream()
                        .map(name -> "dev.trimtab." + name + "..")
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void everyPackageIsAStation() {
        classes()
                .that()
                .resideInAPackage("dev.trimtab..")
                .and()
                .resideOutsideOfPackage("dev.trimtab.sandbox..")
                .should()
                .resideInAnyPackage(STATIONS.stream()
                        .map(name -> "dev.trimtab." + name + "..")
                        .toArray(String[]::new))
                .check(PRODUCT);
    }

    @Test
    void stationsHaveNoCycles() {
        slices().matching("dev.trimtab.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void onlyTheCommandLineKnowsTheSandbox() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.trimtab.cli..", "dev.trimtab.sandbox..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.trimtab.sandbox..")
                .check(PRODUCT);
    }

    @Test
    void theSandboxKnowsNothingOfTheProduct() {
        noClasses()
                .that()
                .resideInAPackage("dev.trimtab.sandbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STATIONS.stream()
                        .map(name -> "dev.trimtab." + name + "..")
                        .toArray(String[]::new))
                .check(PRODUCT);
    }

    @Test
    void onlyKubeTalksToTheClientLibraryAndOnlySourceToGit() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.trimtab.kube..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.trimtab.source..", "dev.trimtab.cli.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jgit..")
                .check(PRODUCT);
    }

    @Test
    void onlyJoinsReachMachinesAndOnlyTheCommandLineJoins() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.trimtab.join..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.sshd.client..", "org.apache.sshd.server..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.trimtab.join..", "dev.trimtab.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.trimtab.join..")
                .check(PRODUCT);
    }

    @Test
    void noProcessIsStarted() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(PRODUCT);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
                .check(PRODUCT);
    }
}
