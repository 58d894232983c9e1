package dev.trimtab.sandbox.faults;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The fault switches of a sandbox. Nothing fails unless told to, and then only requests over HTTP: the controllers and kubelets
 * inside go on undisturbed. Any thread may call.
 *
 * <pre>{@code
 * sandbox.faults().on("patch", "deployments").times(2).inject(Fault.conflict());
 * }</pre>
 */
public final class Faults {

    private static final String ANY = "*";

    private final List<Injected> active = new CopyOnWriteArrayList<>();
    private final Set<OpenWatch> watches = ConcurrentHashMap.newKeySet();

    /**
     * Requests that a fault is for.
     *
     * @param verb as in {@link ApiRequest}, or {@code *} for all of them
     * @param resource as in {@link ApiRequest}, or {@code *} for all of them, subresources too
     */
    public Rule on(String verb, String resource) {
        return new Rule(this, verb, resource, ANY, ANY, Integer.MAX_VALUE);
    }

    /** Which requests, and how many of them. Immutable. */
    public record Rule(Faults faults, String verb, String resource, String namespace, String name, int times) {

        /** Only requests that name this namespace. */
        public Rule in(String only) {
            return new Rule(faults, verb, resource, only, name, times);
        }

        /** Only requests on the object of this name. */
        public Rule named(String only) {
            return new Rule(faults, verb, resource, namespace, only, times);
        }

        /** Only so many requests, the next ones. Without this, every one until {@link Injected#remove}. */
        public Rule times(int requests) {
            return new Rule(faults, verb, resource, namespace, name, requests);
        }

        /** Switches it on. Where several faults are for one request, the one that was switched on first befalls it. */
        public Injected inject(Fault fault) {
            Injected injected = new Injected(this, fault);
            faults.active.add(injected);
            return injected;
        }

        private boolean matches(ApiRequest request) {
            return matches(verb, request.verb())
                    && matches(resource, request.resource())
                    && matches(namespace, request.namespace())
                    && matches(name, request.name());
        }

        private static boolean matches(String wanted, String is) {
            return wanted.equals(ANY) || wanted.equals(is);
        }
    }

    /** A fault that is switched on. */
    public static final class Injected {

        private final Rule rule;
        private final Fault fault;
        private final AtomicInteger hits = new AtomicInteger();

        private Injected(Rule rule, Fault fault) {
            this.rule = rule;
            this.fault = fault;
        }

        private boolean hit(ApiRequest request) {
            if (!rule.matches(request)) {
                return false;
            }
            int before = hits.getAndUpdate(count -> count < rule.times() ? count + 1 : count);
            return before < rule.times();
        }

        /** How many requests it befell. */
        public int hits() {
            return hits.get();
        }

        /** Switches it off; requests that it befalls just now are not spared. */
        public void remove() {
            rule.faults().active.remove(this);
        }
    }

    /** Switches all off. */
    public void clear() {
        active.clear();
    }

    /** For the HTTP side: what befalls this request, and counts it. */
    public Optional<Fault> strike(ApiRequest request) {
        for (Injected injected : active) {
            if (injected.hit(request)) {
                return Optional.of(injected.fault);
            }
        }
        return Optional.empty();
    }

    /** For the HTTP side: whether it is worth to ask. */
    public boolean armed() {
        return !active.isEmpty();
    }

    /**
     * Cuts the connections of watches that are open now.
     *
     * @param resource plural, or {@code *} for all
     * @return how many there were
     */
    public int cutWatches(String resource) {
        int count = 0;
        for (OpenWatch watch : watches) {
            if ((resource.equals(ANY) || resource.equals(watch.resource)) && watch.cut()) {
                count++;
            }
        }
        return count;
    }

    /** For the HTTP side: a watch that the calling thread serves until it says that this is over. */
    public OpenWatch opened(String resource) {
        OpenWatch watch = new OpenWatch(this, resource, Thread.currentThread());
        watches.add(watch);
        return watch;
    }

    /** A watch that is being served. */
    public static final class OpenWatch {

        private final Faults faults;
        private final String resource;
        private final Thread server;
        private boolean over;

        private OpenWatch(Faults faults, String resource, Thread server) {
            this.faults = faults;
            this.resource = resource;
            this.server = server;
        }

        private synchronized boolean cut() {
            if (!over) {
                server.interrupt();
            }
            return !over;
        }

        public synchronized void over() {
            over = true;
            faults.watches.remove(this);
        }
    }
}
