package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Addresses of a node's pods: handed out in turn from the node's range, so that one is not used again soon. */
final class PodAddresses {

    /** .0 is the network, .1 the bridge, .255 the broadcast address. */
    private static final int FIRST = 2;

    private static final int LAST = 254;

    private final Index podsByNode;
    private final Map<String, Integer> cursors = new HashMap<>();
    private final Map<String, String> promised = new HashMap<>();

    PodAddresses(Index podsByNode) {
        this.podsByNode = podsByNode;
    }

    /** The pod's address, the one in its status if it has one. */
    String of(JsonNode pod, JsonNode node) {
        JsonNode present = pod.path("status").path("podIP");
        return present.isTextual()
                ? present.asText()
                : promised.computeIfAbsent(ObjectMeta.uid(pod), uid -> next(node));
    }

    void forget(String podUid) {
        promised.remove(podUid);
    }

    private String next(JsonNode node) {
        String range = node.path("spec").path("podCIDR").asText();
        String prefix = range.substring(0, range.lastIndexOf('.') + 1);
        Set<String> taken = podsByNode.get(ObjectMeta.name(node)).stream()
                .map(pod -> pod.path("status").path("podIP").asText())
                .collect(Collectors.toSet());
        int cursor = cursors.computeIfAbsent(range, r -> highest(prefix, taken));
        for (int tries = FIRST; tries <= LAST; tries++) {
            cursor = cursor >= LAST ? FIRST : cursor + 1;
            if (!taken.contains(prefix + cursor) && !promised.containsValue(prefix + cursor)) {
                break;
            }
        }
        cursors.put(range, cursor);
        return prefix + cursor;
    }

    private static int highest(String prefix, Set<String> taken) {
        return taken.stream()
                .filter(ip -> ip.startsWith(prefix))
                .mapToInt(ip -> Integer.parseInt(ip.substring(prefix.length())))
                .max()
                .orElse(FIRST - 1);
    }
}
