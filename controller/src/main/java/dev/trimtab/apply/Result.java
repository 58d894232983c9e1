package dev.trimtab.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.codes.Code;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ObjectKey;
import java.util.Optional;

/** What became of one change. */
public sealed interface Result {

    /** Written; {@code metadata} and {@code baseline} are those of the server's answer. */
    record Applied(ObjectNode metadata, Optional<Baseline> baseline) implements Result {

        /** Where no baseline is known. */
        public Applied(ObjectNode metadata) {
            this(metadata, Optional.empty());
        }
    }

    /** Gone from the cluster. */
    record Deleted() implements Result {}

    /** The server took the delete; something has to be done before the object goes: a finalizer, or pods that end. */
    record Leaving(String text) implements Result {}

    /** The server refused; {@code text} holds no secret value. */
    record Failed(Code code, String text, boolean retryable) implements Result {}

    /** Not tried, because something else has to be done first and is not. */
    record Blocked(ObjectKey dependency) implements Result {}

    /** Not tried, because something else has to be well first and is not yet. {@code reason} says in words why it is not. */
    record Waiting(ObjectKey dependency, String reason) implements Result {}

    /** Not tried, because a guard wants a person's word. */
    record Held(Code code, String text) implements Result {}
}
