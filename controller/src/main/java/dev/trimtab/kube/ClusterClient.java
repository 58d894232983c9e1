package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One cluster as raw JSON. Safe for use by many threads. Every method that talks to the server throws
 * {@link ApiException}; trees that are handed out belong to the caller.
 */
public interface ClusterClient extends AutoCloseable {

    /** How a patch body is read by the server. */
    enum PatchType {
        JSON,
        MERGE,
        STRATEGIC
    }

    /** What happens to the dependents of a deleted object. */
    enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    /**
     * @param force take over fields that others own
     * @param dryRun ask the server what would be, write nothing
     */
    record ApplyOptions(String fieldManager, boolean force, boolean dryRun) {}

    /** What an informer says of one object. {@code object} is the last known state for DELETED. */
    record Event(EventType type, ObjectNode object) {}

    enum EventType {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** A cache of one resource kept by a watch that resumes and relists on its own. */
    interface Informer extends AutoCloseable {
        /** True once the first list is in the cache. */
        boolean synced();

        /** Done once the first list is in the cache and its events are told. */
        default CompletableFuture<Void> firstList() {
            return CompletableFuture.completedFuture(null);
        }

        /**
         * When the server last said what there is: a list, an event, a bookmark, or an orderly end of the watch. Everything before is
         * in the cache. Empty before the first list.
         */
        default Optional<Instant> heard() {
            return Optional.empty();
        }

        /** The cached object; the caller must not change it. */
        Optional<ObjectNode> get(Optional<String> namespace, String name);

        /** All cached objects; the caller must not change them. */
        List<ObjectNode> list();

        @Override
        void close();
    }

    /** Hears whether the server answers. Called on the client's threads: must only enqueue. */
    interface ContactListener {
        /** There is no answer to a request or a watch; said once. */
        void lost(String reason);

        /** There is an answer again, after there was none or a connection broke. It may come from another cluster. */
        void regained();
    }

    /** Tells {@code listener} of contact from now on. */
    void onContact(ContactListener listener);

    /** What the kubeconfig's context calls this cluster; its server's address where it has no name. */
    String name();

    /**
     * UID of namespace kube-system: the identity of a cluster. Empty where that namespace is not there. Asks the server each time:
     * another cluster may have taken the address.
     */
    Optional<String> uid();

    /** The server's version, for instance {@code v1.36.2}. */
    String version();

    /** The served resource of a kind, from a cache that is refreshed when the kind is not in it. */
    Optional<ResourceType> resource(String apiVersion, String kind);

    /** When the certificate ends that the server shows now; asks nothing of it. Empty without TLS, or when it does not answer. */
    Optional<Instant> servingCertificateEnd();

    /** The served resource of a kind at the server's preferred version of the group. */
    Optional<ResourceType> preferredResource(String group, String kind);

    Optional<ObjectNode> get(ResourceType type, Optional<String> namespace, String name);

    /** Lists page by page until all are read; {@code labelSelector} may be empty; no namespace means all. */
    List<ObjectNode> list(ResourceType type, Optional<String> namespace, String labelSelector);

    /**
     * As {@link #list(ResourceType, Optional, String)}, of what a field selector leaves: {@code spec.nodeName=n1} of Pods, {@code
     * type=…} of Secrets. What is selected on is the server's choice, kind by kind.
     */
    List<ObjectNode> list(ResourceType type, Optional<String> namespace, String labelSelector, String fieldSelector);

    /** POST. */
    ObjectNode create(ResourceType type, ObjectNode object, String fieldManager);

    /** One server-side apply PATCH with strict field validation; returns what the server answered. */
    Applied apply(ResourceType type, ObjectNode object, ApplyOptions options);

    /** @param warnings the server's {@code Warning} headers, deprecated APIs for instance */
    record Applied(ObjectNode object, List<String> warnings) {
        public Applied {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One PATCH.
     *
     * @param subresource empty, or for instance {@code status}
     */
    ObjectNode patch(
            ResourceType type,
            Optional<String> namespace,
            String name,
            String subresource,
            PatchType patchType,
            JsonNode body,
            String fieldManager);

    /**
     * Deletes only the object with this uid; does nothing when it is gone already.
     *
     * @return what is left of the object while finalizers or a grace period hold it; empty when it is gone
     */
    Optional<ObjectNode> delete(
            ResourceType type, Optional<String> namespace, String name, String uid, Propagation propagation);

    /**
     * Asks for a pod's eviction, as {@code policy/v1} has it: a delete that PodDisruptionBudgets can refuse. Does nothing when the pod
     * is gone, or another one has its name.
     *
     * @throws ApiException with status 429 when a budget has nothing to give now; its causes name the budget. It is not sent again
     */
    void evict(String namespace, String name, String uid);

    /** Full objects, cached. {@code onEvent} runs on one thread in order and must only enqueue. */
    Informer informer(ResourceType type, Optional<String> namespace, String labelSelector, Consumer<Event> onEvent);

    /**
     * As {@link #informer}, but the server sends metadata only: no spec, no data, so no Secret is ever read. Events carry the
     * metadata as it was sent; only the name, the uid and the version of each object are cached, and a DELETED that a new list
     * brought to light carries no more than these.
     */
    Informer metadataInformer(
            ResourceType type, Optional<String> namespace, String labelSelector, Consumer<Event> onEvent);

    /** How many informers are open. */
    int informers();

    @Override
    void close();
}
