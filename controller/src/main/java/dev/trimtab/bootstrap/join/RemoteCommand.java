package dev.trimtab.bootstrap.join;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One command on a machine. The methods below are all that is ever run: there is no way to make another one. What is secret goes to
 * a command's standard input, never into its words, which every user of a machine can read.
 */
public final class RemoteCommand {

    /** Memory, not a disk, on every machine with systemd; nobody but root may make anything in it. */
    public static final String FOLDER = "/run/trimtab-join";

    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final Duration PACKAGES = Duration.ofMinutes(20);
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final List<String> words;
    private final Optional<String> input;
    private final Duration limit;
    private final boolean changing;

    private RemoteCommand(List<String> words, Optional<String> input, Duration limit, boolean changing) {
        this.words = List.copyOf(words);
        this.input = input;
        this.limit = limit;
        this.changing = changing;
    }

    private static RemoteCommand reading(String... words) {
        return new RemoteCommand(List.of(words), Optional.empty(), SHORT, false);
    }

    private static RemoteCommand changing(Duration limit, String... words) {
        return new RemoteCommand(List.of(words), Optional.empty(), limit, true);
    }

    // --- that only read ---

    static RemoteCommand nothing() {
        return reading("true");
    }

    static RemoteCommand kernel() {
        return reading("uname", "-rm");
    }

    static RemoteCommand controlGroups() {
        return reading("stat", "-f", "-c", "%T", "/sys/fs/cgroup");
    }

    static RemoteCommand read(String file) {
        return reading("cat", "--", file);
    }

    static RemoteCommand digests(List<String> files) {
        return new RemoteCommand(concat(List.of("sha256sum", "--"), files), Optional.empty(), SHORT, false);
    }

    static RemoteCommand existing(List<String> paths) {
        return new RemoteCommand(concat(List.of("ls", "-d", "--"), paths), Optional.empty(), SHORT, false);
    }

    /** Mirrors that an earlier run of {@code prepare.sh} wrote. */
    static RemoteCommand ownMirrors() {
        return reading(
                "grep",
                "-rls",
                "--include=hosts.toml",
                "--include=*.crt",
                "^# Rendered by Trimtab",
                "/etc/containerd/certs.d");
    }

    /** Files that {@code prepare.sh} removes where the machine's folder does not have them. */
    static RemoteCommand patches() {
        return reading(
                "find", WantedFiles.PATCHES, "-mindepth", "1", "-maxdepth", "1", "!", "-name", ".*", "-xtype", "f");
    }

    static RemoteCommand addresses() {
        return reading("hostname", "-I");
    }

    static RemoteCommand time() {
        return reading("date", "+%s");
    }

    static RemoteCommand listening() {
        return reading("ss", "-Hltn");
    }

    static RemoteCommand packages(List<String> names) {
        return new RemoteCommand(
                concat(List.of("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Version}\\n"), names),
                Optional.empty(),
                SHORT,
                false);
    }

    /** Only the CA's lines: the file may hold the node's key. */
    static RemoteCommand authority(String kubeconfig) {
        return reading("grep", "-E", "^ *certificate-authority(-data)?:", kubeconfig);
    }

    // --- that change something ---

    public static RemoteCommand makeFolder(String folder) {
        return changing(SHORT, "mkdir", "-p", "-m", "0700", "--", folder);
    }

    /** An empty file for root alone, before anything is in it. */
    public static RemoteCommand makeFile(String file) {
        return changing(SHORT, "install", "-m", "0600", "/dev/null", file);
    }

    /** Writes a file of at most some MiB. */
    public static RemoteCommand write(String file, String text) {
        return new RemoteCommand(List.of("dd", "status=none", "of=" + file), Optional.of(text), SHORT, true);
    }

    /** {@code prepare.sh} of the machine's folder: it may have to install packages. */
    public static RemoteCommand prepare() {
        return changing(PACKAGES, "sh", FOLDER + "/prepare.sh");
    }

    /** {@code verify.sh} of the machine's folder. */
    public static RemoteCommand verify() {
        return changing(LONG, "sh", FOLDER + "/verify.sh");
    }

    public static RemoteCommand pull(String image) {
        return changing(PACKAGES, "crictl", "pull", image);
    }

    /**
     * {@code join.sh} of the machine's folder.
     *
     * @param caHash of the cluster; it is no secret
     * @param limit how long kubeadm may take
     */
    public static RemoteCommand join(String tokenFile, Optional<String> keyFile, String caHash, Duration limit) {
        SortedMap<String, String> variables = new TreeMap<>(Map.of("TOKEN_FILE", tokenFile, "CA_CERT_HASH", caHash));
        keyFile.ifPresent(file -> variables.put("CERTIFICATE_KEY_FILE", file));
        List<String> words = new ArrayList<>(List.of("env"));
        variables.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("sh", FOLDER + "/join.sh"));
        return new RemoteCommand(words, Optional.empty(), limit, true);
    }

    /** On a control-plane node: encrypts its certificates with the key in the file and puts them into the cluster for two hours. */
    public static RemoteCommand uploadCertificates(String file) {
        return changing(LONG, "kubeadm", "init", "phase", "upload-certs", "--upload-certs", "--config", file);
    }

    public static RemoteCommand reset() {
        return changing(LONG, "kubeadm", "reset", "--force");
    }

    public static RemoteCommand shred(List<String> files) {
        return new RemoteCommand(concat(List.of("shred", "-u", "--"), files), Optional.empty(), SHORT, true);
    }

    public static RemoteCommand removeFolder() {
        return changing(SHORT, "rm", "-rf", "--", FOLDER);
    }

    /** As a POSIX shell reads it back, word for word. */
    public String line() {
        return words.stream().map(RemoteCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** What it reads from standard input; it may be secret. */
    public Optional<String> input() {
        return input;
    }

    /** How long it may take. */
    public Duration limit() {
        return limit;
    }

    /** Whether it is more than a look. */
    public boolean isChanging() {
        return changing;
    }

    @Override
    public String toString() {
        return line();
    }

    private static List<String> concat(List<String> head, List<String> tail) {
        return Stream.concat(head.stream(), tail.stream()).toList();
    }
}
