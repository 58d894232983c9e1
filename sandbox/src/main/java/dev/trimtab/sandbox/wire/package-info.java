/**
 * Objects as typed Go clients send them: protobuf messages whose numbers the type tables give.
 * Comes in: bytes and a {@link dev.trimtab.sandbox.schema.Type}. Goes out: the JSON that says the same. Nothing is
 * written as protobuf. Must not know of HTTP.
 */
@NullMarked
package dev.trimtab.sandbox.wire;

import org.jspecify.annotations.NullMarked;
