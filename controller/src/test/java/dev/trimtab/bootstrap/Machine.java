package dev.trimtab.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder that passes for a machine's root, and programs that do to it what the real ones do, as far as the scripts can tell. */
public final class Machine {

    private static final Map<String, String> PROGRAMS = Map.ofEntries(
            Map.entry("apt-get", """
                    case " $* " in *" install "*) for p; do case $p in
                      install | -*) ;;
                      kube*) echo "$p 1.36.4-1.1" >>"$STATE/packages" ;;
                      containerd.io) echo "$p 2.3.4-1~debian.12" >>"$STATE/packages" ;;
                      *) echo "$p 1.0" >>"$STATE/packages" ;;
                    esac; done ;; esac
                    """),
            Map.entry("dpkg-query", """
                    for last; do :; done
                    line=$(grep "^$last " "$STATE/packages" | tail -n 1)
                    [ -n "$line" ] || exit 1
                    case $* in *Status*) printf 'ii ' ;; *) printf '%s' "${line#* }" ;; esac
                    """),
            Map.entry("apt-mark", """
                    case $1 in showhold) cat "$STATE/held" ;; hold) echo "$2" >>"$STATE/held" ;; esac
                    """),
            Map.entry("systemctl", """
                    for last; do :; done
                    case $1 in
                      is-enabled | is-active) grep -qx "$1 $last" "$STATE/services" ;;
                      enable) echo "is-enabled $last" >>"$STATE/services"
                        case $* in *--now*) echo "is-active $last" >>"$STATE/services" ;; esac ;;
                      list-units) if grep -q swap "$STATE/services"; then s=masked; else s=loaded; fi
                        echo "dev-sda2.swap $s active active /dev/sda2" ;;
                      mask) echo "swap masked" >>"$STATE/services" ;;
                    esac
                    """),
            Map.entry("modprobe", "echo \"$1 1 0 - Live 0x0\" >>\"$ROOT/proc/modules\"\n"),
            Map.entry("sysctl", """
                    case $1 in
                      -n) sed -n "s/^$2 = //p" "$STATE/sysctl" ;;
                      -q) grep -v '^#' "$3" >"$STATE/sysctl" ;;
                    esac
                    """),
            Map.entry(
                    "swapoff",
                    "head -n 1 \"$ROOT/proc/swaps\" >\"$STATE/s\" && cat \"$STATE/s\" >\"$ROOT/proc/swaps\"\n"),
            Map.entry("curl", "while [ $# -gt 1 ]; do [ \"$1\" = -o ] && echo key >\"$2\"; shift; done\n"),
            Map.entry("gpg", "echo fpr:::::::::0123456789ABCDEF:\n"),
            Map.entry("ufw", """
                    case $1 in show) cat "$STATE/ufw" ;; *) echo "ufw $*" >>"$STATE/ufw" ;; esac
                    """),
            Map.entry("containerd", "echo containerd github.com/containerd/containerd v2.3.4 abc\n"),
            Map.entry(
                    "kubeadm",
                    "cat \"$3\" >\"$STATE/join\"; stat -c %a \"$3\" >\"$STATE/mode\"; exit \"${KUBEADM_EXIT:-0}\"\n"));

    private final Path folder;
    public final Path root;

    /** @param folder empty, for this machine alone */
    public Machine(Path folder) {
        this.folder = folder;
        this.root = folder.resolve("root");
        write("root/etc/os-release", "ID=debian\nVERSION_CODENAME=\"bookworm\"\n");
        write("root/etc/hosts", "127.0.0.1 localhost\n");
        write("root/etc/fstab", "# swap was here\nUUID=1 / ext4 defaults 0 1\nUUID=2 none swap sw 0 0\n");
        write("root/proc/modules", "overlay 1 0 - Live 0x0\n");
        write("root/proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n");
        write("root/sys/keep", "");
        for (String file : List.of("packages", "held", "services", "sysctl", "ufw", "log")) {
            write("state/" + file, "");
        }
        PROGRAMS.forEach(
                (name, body) -> write("bin/" + name, "#!/bin/sh\necho \"" + name + " $*\" >>\"$STATE/log\"\n" + body)
                        .toFile()
                        .setExecutable(true));
    }

    public record Run(int status, String output) {}

    /** Copies the folder of a node here, in the place of what was there, and runs one of its scripts. */
    Run run(FileTree node, String script, Map<String, String> environment) {
        Path copy = folder.resolve("node");
        try {
            delete(copy);
            node.files().forEach((path, text) -> write("node/" + path, text));
            write("state/log", "");
            return run(copy.resolve(script), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script that lies somewhere in the machine. */
    public Run run(Path script, Map<String, String> environment) {
        try {
            ProcessBuilder process = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
            Map<String, String> variables = new HashMap<>(environment);
            variables.put("ROOT", root.toString());
            variables.put("STATE", folder.resolve("state").toString());
            variables.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
            process.environment().putAll(variables);
            Path output = folder.resolve("output");
            Process running = process.redirectOutput(output.toFile()).start();
            if (!running.waitFor(60, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new IllegalStateException(script + " does not end: " + Files.readString(output));
            }
            return new Run(running.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the script called since it was started, in order. */
    public List<String> calls() {
        return read("state/log").lines().toList();
    }

    public String read(String path) {
        try {
            return Files.readString(folder.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String path) {
        return Files.exists(folder.resolve(path));
    }

    public Path write(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file of the machine with its content and the moment it was last written. */
    SortedMap<String, String> files() {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(
                        root.relativize(file).toString(),
                        Files.getLastModifiedTime(file) + " " + Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> walk = Files.walk(tree)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
