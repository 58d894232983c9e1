package dev.trimtab.sandbox.remote;

import dev.trimtab.sandbox.controllers.KubeletTimes;
import dev.trimtab.sandbox.controllers.StandIns;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Gives a control plane that has no machines some nodes, until interrupted. Arguments: a kubeconfig and names of nodes. */
public final class Machines {

    private Machines() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: Machines KUBECONFIG NODE...");
            System.exit(2);
        }
        List<String> nodes = Arrays.asList(arguments).subList(1, arguments.length);
        StandIns machines = StandIns.machines(RemoteApi.of(Path.of(arguments[0])), nodes, KubeletTimes.quick());
        Runtime.getRuntime().addShutdownHook(new Thread(machines::close));
        System.err.println("machines: " + String.join(" ", nodes));
        new CountDownLatch(1).await();
    }
}
