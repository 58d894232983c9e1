package dev.trimtab.join;

import dev.trimtab.bootstrap.Machine;
import dev.trimtab.bootstrap.join.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * A machine behind an SSH server: a folder that passes for its file system, and a table of the commands that a join may run. The
 * rendered scripts are really run, by a shell, on that folder; a command that is not in the table ends with 127.
 */
public final class FakeHost implements AutoCloseable {

    private static final String FOLDER = "/run/trimtab-join";

    /** What goes wrong. */
    public enum Fault {
        /** The connection breaks in the middle of a command. */
        DROP,
        /** A command does not end. */
        HANG
    }

    private final String address;
    private final Machine machine;
    private final KeyPair key;
    /** Of another kind, and never the one that is pinned. */
    private final KeyPair another;

    private final SshServer server;
    private final Map<String, Fault> faults = new HashMap<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Runnable registration;
    private Clock clock = Clock.systemUTC();
    private int kubeadmExit;

    /**
     * @param folder empty, for this machine alone
     * @param address that it says it has
     * @param login whose owner may log in
     * @param registration what a kubelet does after kubeadm has joined
     */
    public FakeHost(Path folder, String address, PublicKey login, Runnable registration) throws IOException {
        this.address = address;
        this.machine = new Machine(folder);
        this.registration = registration;
        machine.write("root/etc/machine-id", address + "-id\n");
        machine.write("bin/containerd", """
                #!/bin/sh
                case $* in *dump) cat "$ROOT/etc/containerd/config.toml" ;; *) echo containerd x v2.3.4 y ;; esac
                """);
        machine.write("bin/crictl", "#!/bin/sh\necho RuntimeReady=true\n")
                .toFile()
                .setExecutable(true);
        machine.write("bin/getent", "#!/bin/sh\n").toFile().setExecutable(true);
        machine.write("bin/timedatectl", "#!/bin/sh\necho yes\n").toFile().setExecutable(true);
        try {
            key = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
            another = KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(another, key));
        server.setPublickeyAuthenticator((user, offered, session) -> KeyUtils.compareKeys(offered, login));
        server.setCommandFactory((channel, line) -> new Running(line));
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        server.start();
    }

    public int port() {
        return server.getPort();
    }

    public String hostKey() {
        return PublicKeyEntry.toString(key.getPublic());
    }

    public Machine machine() {
        return machine;
    }

    /** Every command that was run, as it came, since {@link #forget}. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public void forget() {
        lines.clear();
        machine.write("state/log", "");
    }

    /** @param part of the command line that it happens to */
    public void fault(String part, Fault fault) {
        faults.put(part, fault);
    }

    public void kubeadmEndsWith(int status) {
        kubeadmExit = status;
    }

    public void clock(Clock clock) {
        this.clock = clock;
    }

    /** What is in the folder of the join; nothing may stay there. */
    public boolean isClean() {
        return !Files.exists(path(FOLDER));
    }

    private Path path(String absolute) {
        return machine.root.resolve(absolute.substring(1));
    }

    private static Host.Result done(String out) {
        return new Host.Result(0, out, "");
    }

    private Host.Result run(List<String> all, String input) throws IOException {
        List<String> words = all;
        Map<String, String> variables = new HashMap<>(Map.of("KUBEADM_EXIT", String.valueOf(kubeadmExit)));
        if (words.get(0).equals("env")) {
            words = words.subList(1, words.size());
            while (words.get(0).contains("=")) {
                String[] variable = words.get(0).split("=", 2);
                boolean file = variable[0].endsWith("_FILE");
                variables.put(variable[0], file ? path(variable[1]).toString() : variable[1]);
                words = words.subList(1, words.size());
            }
        }
        List<String> operands =
                words.stream().filter(word -> word.startsWith("/")).toList();
        return switch (words.get(0)) {
            case "true" -> done("");
            case "uname" -> done("6.8.0-40-generic x86_64\n");
            case "stat" -> done("cgroup2fs\n");
            case "hostname" -> done(address + " 172.17.0.1 \n");
            case "date" -> done(clock.instant().getEpochSecond() + "\n");
            case "ss" -> done("LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n");
            case "cat" -> done(Files.readString(path(operands.get(0))));
            case "sha256sum" -> digests(operands);
            case "ls" -> existing(operands);
            case "grep" -> grep(words, operands.get(0));
            case "find" -> patches(operands.get(0));
            case "dpkg-query" -> packages(words.subList(4, words.size()));
            case "mkdir" -> {
                Files.createDirectories(path(operands.get(0)));
                yield done("");
            }
            case "install" -> write(operands.get(1), "");
            case "dd" -> write(words.get(2).substring("of=".length()), input);
            case "shred", "rm" -> remove(operands);
            case "sh" -> script(operands.get(0), variables);
            case "kubeadm" -> kubeadm(words);
            default -> new Host.Result(127, "", words.get(0) + ": not found");
        };
    }

    private Host.Result digests(List<String> files) throws IOException {
        StringBuilder out = new StringBuilder();
        for (String file : files) {
            if (Files.exists(path(file))) {
                out.append(sha256(Files.readAllBytes(path(file))))
                        .append("  ")
                        .append(file)
                        .append('\n');
            }
        }
        return new Host.Result(1, out.toString(), "sha256sum: some are not there");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Host.Result existing(List<String> paths) {
        return new Host.Result(
                2,
                paths.stream().filter(one -> Files.exists(path(one))).collect(Collectors.joining("\n")),
                "ls: some are not there");
    }

    private Host.Result grep(List<String> words, String place) throws IOException {
        if (!Files.exists(path(place))) {
            return new Host.Result(2, "", "grep: " + place + " is not there");
        }
        if (Files.isDirectory(path(place))) {
            try (Stream<Path> walk = Files.walk(path(place))) {
                return done(walk.filter(Files::isRegularFile)
                        .map(file -> "/" + machine.root.relativize(file))
                        .collect(Collectors.joining("\n")));
            }
        }
        Pattern wanted = Pattern.compile(words.get(2));
        return done(Files.readString(path(place))
                .lines()
                .filter(line -> wanted.matcher(line).find())
                .collect(Collectors.joining("\n")));
    }

    private Host.Result patches(String folder) throws IOException {
        if (!Files.exists(path(folder))) {
            return new Host.Result(1, "", "find: " + folder + " is not there");
        }
        try (Stream<Path> files = Files.list(path(folder))) {
            return done(files.map(file -> "/" + machine.root.relativize(file))
                    .sorted()
                    .collect(Collectors.joining("\n")));
        }
    }

    private Host.Result packages(List<String> names) {
        Map<String, String> installed = new HashMap<>();
        machine.read("state/packages").lines().forEach(line -> {
            int space = line.indexOf(' ');
            installed.put(line.substring(0, space), line.substring(space + 1));
        });
        return new Host.Result(
                1,
                names.stream()
                        .filter(installed::containsKey)
                        .map(name -> "ii  " + name + " " + installed.get(name) + "\n")
                        .collect(Collectors.joining()),
                "");
    }

    private Host.Result write(String file, String text) throws IOException {
        Files.writeString(path(file), text);
        return done("");
    }

    private Host.Result remove(List<String> operands) throws IOException {
        for (String operand : operands) {
            if (Files.exists(path(operand))) {
                try (Stream<Path> walk = Files.walk(path(operand))) {
                    for (Path one : walk.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(one);
                    }
                }
            }
        }
        return done("");
    }

    private Host.Result script(String file, Map<String, String> variables) {
        Machine.Run run = machine.run(path(file), variables);
        if (file.endsWith("/join.sh")) {
            if (run.status() == 0) {
                registration.run();
            } else {
                machine.write("root/var/lib/kubelet/config.yaml", "half\n");
            }
        }
        return new Host.Result(run.status(), run.output(), "");
    }

    private Host.Result kubeadm(List<String> words) throws IOException {
        if (words.get(1).equals("reset")) {
            return remove(List.of("/etc/kubernetes", "/var/lib/kubelet"));
        }
        // It prints the key, as the real one does.
        return done("[upload-certs] Using certificate key:\n" + Files.readString(path(words.get(words.size() - 1))));
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }

    /** The words of a command line that quotes with apostrophes only. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == '\\' && !quoted) {
                word.append(line.charAt(++i));
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }

    private final class Running implements Command {

        private final String line;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private ExitCallback exit = (status, message, close) -> {};

        Running(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream in) {
            this.in = in;
        }

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            this.err = err;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            this.exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            lines.add(line);
            List<Fault> due = faults.entrySet().stream()
                    .filter(fault -> line.contains(fault.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (due.contains(Fault.DROP)) {
                channel.getSession().close(true);
            } else if (due.isEmpty()) {
                new Thread(this::run, line).start();
            }
        }

        private void run() {
            try {
                String input = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                List<String> words = words(line);
                if (!words.subList(0, 3).equals(List.of("sudo", "-n", "--"))) {
                    throw new IllegalStateException("not through sudo: " + line);
                }
                Host.Result result = FakeHost.this.run(words.subList(3, words.size()), input);
                out.write(result.out().getBytes(StandardCharsets.UTF_8));
                err.write(result.err().getBytes(StandardCharsets.UTF_8));
                out.flush();
                err.flush();
                exit.onExit(result.status());
            } catch (IOException | RuntimeException e) {
                exit.onExit(1, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            // Nothing is held.
        }
    }
}
