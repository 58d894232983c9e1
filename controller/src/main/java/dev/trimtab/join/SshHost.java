package dev.trimtab.join;

import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.bootstrap.join.RemoteCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** One machine over one SSH connection. */
final class SshHost implements Host {

    /** What a machine says beyond this is not kept: nobody reads it, and it must not fill our memory. */
    private static final int MOST = 1024 * 1024;

    private final SshClient client;
    private final ClientSession session;
    private final boolean sudo;
    private final String where;
    private final Duration longest;

    SshHost(SshClient client, ClientSession session, boolean sudo, String where, Duration longest) {
        this.client = client;
        this.session = session;
        this.sudo = sudo;
        this.where = where;
        this.longest = longest;
    }

    @Override
    public Result run(RemoteCommand command) {
        // With -n sudo fails where it would ask for a password.
        String line = (sudo ? "sudo -n -- " : "") + command.line();
        Duration limit = command.limit().compareTo(longest) < 0 ? command.limit() : longest;
        Bounded out = new Bounded();
        Bounded err = new Bounded();
        try (ChannelExec channel = session.createExecChannel(line)) {
            channel.setIn(new ByteArrayInputStream(command.input().orElse("").getBytes(StandardCharsets.UTF_8)));
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(limit);
            Set<ClientChannelEvent> events = channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), limit);
            if (events.contains(ClientChannelEvent.TIMEOUT)) {
                throw new HostException(
                        JoinCode.JOI005,
                        where + ": " + command.line() + " did not end within " + limit.toSeconds() + " s",
                        "look at the machine: it may still be running there");
            }
            Integer status = channel.getExitStatus();
            if (status == null) {
                throw new IOException(
                        channel.getExitSignal() == null ? "it broke" : "signal " + channel.getExitSignal());
            }
            return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (IOException | IllegalStateException e) {
            // The library says the latter of a session that is closed already.
            throw new HostException(
                    JoinCode.JOI001,
                    "the connection to " + where + " was lost during " + command.line() + ": " + e.getMessage(),
                    "run it again: what was done stays done");
        }
    }

    @Override
    public void close() {
        session.close(true);
        client.stop();
    }

    private static final class Bounded extends ByteArrayOutputStream {

        @Override
        public synchronized void write(int b) {
            if (count < MOST) {
                super.write(b);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, Math.max(0, Math.min(length, MOST - count)));
        }
    }
}
