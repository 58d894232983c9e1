package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists that are read page by page. All pages come from the moment of the first one; that costs only references, since stored
 * trees never change. The oldest unfinished lists are forgotten, which clients meet as 410 and answer by listing again.
 */
final class Continuations {

    private static final int KEPT = 64;

    private record Snapshot(List<ObjectNode> objects, long version, boolean selected) {}

    private final Map<Long, Snapshot> snapshots = new LinkedHashMap<>();
    private long nextId;

    synchronized Read.Page first(List<ObjectNode> objects, long version, int limit, boolean selected) {
        long id = nextId++;
        snapshots.put(id, new Snapshot(objects, version, selected));
        if (snapshots.size() > KEPT) {
            snapshots.remove(snapshots.keySet().iterator().next());
        }
        return page(id, 0, limit);
    }

    /** @throws StatusException 400 for a token that is none, 410 for one that is too old */
    synchronized Read.Page next(String token, int limit) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Failures.badRequest("invalid continue token: continue key is not valid: " + e.getMessage());
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw Failures.badRequest("invalid continue token: continue key is not valid: " + token);
        }
        try {
            return page(Long.parseLong(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)), limit);
        } catch (NumberFormatException e) {
            throw Failures.badRequest("invalid continue token: continue key is not valid: " + token);
        }
    }

    private Read.Page page(long id, int start, int limit) {
        Snapshot snapshot = snapshots.get(id);
        if (snapshot == null || start > snapshot.objects().size()) {
            throw Failures.expired("The provided continue parameter is too old to display a consistent list result. "
                    + "You must start a new list without the continue parameter.");
        }
        int size = snapshot.objects().size();
        int end = limit <= 0 ? size : Math.min(size, start + limit);
        List<ObjectNode> objects = snapshot.objects().subList(start, end);
        if (end == size) {
            return new Read.Page(objects, snapshot.version(), Optional.empty(), Optional.empty());
        }
        String token = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((id + ":" + end).getBytes(StandardCharsets.UTF_8));
        return new Read.Page(
                objects,
                snapshot.version(),
                Optional.of(token),
                snapshot.selected() ? Optional.empty() : Optional.of(size - end));
    }
}
