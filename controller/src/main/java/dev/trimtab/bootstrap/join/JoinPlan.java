package dev.trimtab.bootstrap.join;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What would be done to one machine.
 *
 * @param cluster the uid of the cluster
 * @param caHash of the cluster's CA, which the machine will hold it to
 * @param machineId of the machine that was looked at; another machine makes another plan
 * @param files that will be others, in the order of their paths
 * @param notes what a person should know
 * @param commands that will be run on the machine, in order, as a shell reads them
 * @param sync in whose name labels, taints and cordon are brought to the node; empty when they are not
 * @param obstacle why nothing will be done
 */
public record JoinPlan(
        String node,
        boolean controlPlane,
        String cluster,
        String caHash,
        String machineId,
        Standing standing,
        Action action,
        List<FileChange> files,
        List<String> notes,
        List<String> commands,
        Optional<String> sync,
        Optional<Obstacle> obstacle) {

    /** How far it goes. */
    public enum Action {
        /** All is as it should be. */
        NOTHING,
        /** A node's files are brought up to date. */
        PREPARE,
        /** It is a node, whose labels and taints an earlier join did not come to. */
        FINISH,
        JOIN,
        /** What is left of an earlier join is removed first. */
        RESET_AND_JOIN,
        /** There is an obstacle. */
        REFUSE;

        public boolean joins() {
            return this == JOIN || this == RESET_AND_JOIN;
        }

        public String shown() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public JoinPlan {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
        commands = List.copyOf(commands);
    }

    /** What an approval names: all of the above but the notes. */
    public Digest digest() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("node", node)
                .put("controlPlane", controlPlane)
                .put("cluster", cluster)
                .put("caHash", caHash)
                .put("machineId", machineId)
                .put("state", standing.state().name())
                .put("action", action.name());
        sync.ifPresent(name -> json.put("sync", name));
        ArrayNode changes = json.putArray("files");
        files.forEach(file -> changes.addObject()
                .put("path", file.path())
                .put("have", file.have().orElse(""))
                .put("want", file.want().orElse("")));
        commands.forEach(json.putArray("commands")::add);
        return Digest.of(json);
    }
}
