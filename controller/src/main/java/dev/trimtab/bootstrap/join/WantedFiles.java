package dev.trimtab.bootstrap.join;

import dev.trimtab.bootstrap.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files that {@code prepare.sh} would leave on a machine, as far as they follow from its folder. */
final class WantedFiles {

    private static final String BEGIN = "# BEGIN trimtab";
    private static final String END = "# END trimtab";
    private static final String HOSTS = "/etc/hosts";
    private static final String MIRRORS = "/etc/containerd/certs.d/";

    /** kubeadm takes whatever lies there, so nothing else may. */
    static final String PATCHES = "/etc/kubernetes/trimtab/patches";

    private WantedFiles() {}

    /** Absolute paths, without those that depend on what the machine has. */
    static List<String> paths(FileTree folder) {
        return folder.files().keySet().stream()
                .filter(path -> path.startsWith("etc/"))
                .map(path -> "/" + path)
                .toList();
    }

    /** In the order of their paths. */
    static List<FileChange> changes(FileTree folder, HostFacts facts) {
        SortedMap<String, String> wanted = new TreeMap<>();
        folder.files().forEach((path, text) -> {
            if (path.startsWith("etc/")) {
                wanted.put("/" + path, Authority.sha256(path.endsWith(".sources") ? located(text, facts) : text));
            }
        });
        SortedMap<String, String> there = new TreeMap<>(facts.digests());
        Optional.ofNullable(folder.files().get("hosts.block")).ifPresent(block -> {
            wanted.put(HOSTS, Authority.sha256(withBlock(facts.hostsFile(), block)));
            there.put(HOSTS, Authority.sha256(facts.hostsFile()));
        });
        Set<String> paths = new TreeSet<>(wanted.keySet());
        there.keySet().stream()
                .filter(path -> path.startsWith(MIRRORS) || path.startsWith(PATCHES + "/"))
                .forEach(paths::add);
        List<FileChange> changes = new ArrayList<>();
        for (String path : paths) {
            Optional<String> have = Optional.ofNullable(there.get(path));
            Optional<String> want = Optional.ofNullable(wanted.get(path));
            if (!have.equals(want)) {
                changes.add(new FileChange(path, have, want));
            }
        }
        return List.copyOf(changes);
    }

    private static String located(String text, HostFacts facts) {
        return text.replace("@DISTRO@", facts.distribution()).replace("@CODENAME@", facts.codename());
    }

    /** The file without the lines between the markers, and then the block; other lines are kept to the byte, and the last is ended. */
    static String withBlock(String file, String block) {
        StringBuilder text = new StringBuilder();
        boolean within = false;
        for (int start = 0; start < file.length(); ) {
            int end = file.indexOf('\n', start);
            String line = file.substring(start, end < 0 ? file.length() : end);
            String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            within = within || bare.equals(BEGIN);
            if (!within) {
                text.append(line).append('\n');
            }
            within = within && !bare.equals(END);
            start += line.length() + 1;
        }
        return text.append(block).toString();
    }
}
