package dev.trimtab.sandbox.controllers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An image as containerd resolves it: familiar names get their registry and tag ({@code nginx} is
 * {@code docker.io/library/nginx:latest}). No registry is asked: the digest follows from the name, and a tag that begins with
 * {@code bad} does not exist.
 *
 * @param repository registry and path
 * @param tag empty when only a digest was given
 * @param digest empty when none was given
 */
record ImageReference(String repository, String tag, String digest) {

    static ImageReference parse(String image) {
        int at = image.indexOf('@');
        String digest = at < 0 ? "" : image.substring(at + 1);
        String name = at < 0 ? image : image.substring(0, at);
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        String tag = tagged ? name.substring(colon + 1) : digest.isEmpty() ? "latest" : "";
        return new ImageReference(qualified(tagged ? name.substring(0, colon) : name), tag, digest);
    }

    private static String qualified(String repository) {
        int slash = repository.indexOf('/');
        if (slash < 0) {
            return "docker.io/library/" + repository;
        }
        String first = repository.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        return registry ? repository : "docker.io/" + repository;
    }

    boolean canBePulled() {
        return !tag.startsWith("bad");
    }

    /** As {@code containerStatuses[].image} shows it. */
    String normalised() {
        return tag.isEmpty() ? repository + "@" + digest : repository + ":" + tag;
    }

    /** As {@code containerStatuses[].imageID} shows it; equal for a tag and for that tag with its own digest. */
    String imageId() {
        return repository + "@" + (digest.isEmpty() ? "sha256:" + sha256(repository + ":" + tag) : digest);
    }

    static String sha256(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
