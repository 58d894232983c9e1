/**
 * The API over HTTP/1.1: paths, bodies, content types, watches as streams. Comes in: requests. Goes out: what the verbs answer.
 * Must not know how an object is stored or what is special about a kind.
 */
@NullMarked
package dev.trimtab.sandbox.api.http;

import org.jspecify.annotations.NullMarked;
