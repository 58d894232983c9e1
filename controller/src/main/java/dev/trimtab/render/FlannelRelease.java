package dev.trimtab.render;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.semver4j.Semver;

/**
 * What a release of flannel brings and asks for. Read off the manifest that flannel-io/flannel carries in each of its tags from
 * v0.25.0 to v0.28.9; a release in between has what the one before it had.
 *
 * @param tag of flannel's own image: always the release, even where the project's manifest still named the one before
 * @param registry where the project publishes its images
 * @param cniPlugin tag of the image with the CNI plugin
 * @param installsConf whether the image has a program that replaces the CNI configuration in one step
 * @param waitsForCache whether flanneld can be told to go on before its cache of nodes is filled
 * @param probes whether flanneld answers on a port that it is ready, not only that it runs
 */
record FlannelRelease(
        String tag, String registry, String cniPlugin, boolean installsConf, boolean waitsForCache, boolean probes) {

    private static final Semver GITHUB_REGISTRY = version("0.26.4");
    private static final Semver CACHE_VARIABLE = version("0.27.1");
    private static final Semver INSTALL_CONF = version("0.28.6");
    private static final Semver PROBES = version("0.28.9");

    /** From a release to the CNI plugin of it and of those after it. */
    private static final NavigableMap<Semver, String> CNI_PLUGINS = cniPlugins(Map.ofEntries(
            Map.entry("0.25.0", "v1.4.0-flannel1"),
            Map.entry("0.25.2", "v1.4.1-flannel1"),
            Map.entry("0.25.5", "v1.5.1-flannel1"),
            Map.entry("0.25.6", "v1.5.1-flannel2"),
            Map.entry("0.26.2", "v1.6.0-flannel1"),
            Map.entry("0.26.4", "v1.6.2-flannel1"),
            Map.entry("0.27.0", "v1.7.1-flannel1"),
            Map.entry("0.27.4", "v1.8.0-flannel1"),
            Map.entry("0.28.1", "v1.9.0-flannel1"),
            Map.entry("0.28.3", "v1.9.1-flannel1"),
            Map.entry("0.28.6", "v1.9.1-flannel2"),
            Map.entry("0.28.9", "v1.9.1-flannel3")));

    /** @param written with or without a leading {@code v}; what is no version counts as the newest release that is known */
    static FlannelRelease of(String written) {
        Semver version = Optional.ofNullable(Semver.parse(written.replaceFirst("^v", "")))
                .orElse(CNI_PLUGINS.lastKey());
        return new FlannelRelease(
                written,
                version.isGreaterThanOrEqualTo(GITHUB_REGISTRY) ? "ghcr.io/flannel-io" : "docker.io/flannel",
                Optional.ofNullable(CNI_PLUGINS.floorEntry(version))
                        .orElse(CNI_PLUGINS.firstEntry())
                        .getValue(),
                version.isGreaterThanOrEqualTo(INSTALL_CONF),
                version.isGreaterThanOrEqualTo(CACHE_VARIABLE),
                version.isGreaterThanOrEqualTo(PROBES));
    }

    /** @param repository in place of the project's; one that has a tag or a digest of its own is taken as it is */
    String flannelImage(Optional<String> repository) {
        return image(repository.orElse(registry + "/flannel"), tag);
    }

    String cniPluginImage(Optional<String> repository) {
        return image(repository.orElse(registry + "/flannel-cni-plugin"), cniPlugin);
    }

    private static String image(String repository, String tag) {
        boolean complete = repository.contains("@") || repository.lastIndexOf(':') > repository.lastIndexOf('/');
        return complete ? repository : repository + ":" + tag;
    }

    private static NavigableMap<Semver, String> cniPlugins(Map<String, String> tags) {
        NavigableMap<Semver, String> plugins = new TreeMap<>();
        tags.forEach((release, tag) -> plugins.put(version(release), tag));
        return plugins;
    }

    private static Semver version(String text) {
        return new Semver(text);
    }
}
