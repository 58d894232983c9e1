/**
 * The API server: verbs, discovery, admission and validation, over HTTP and, for the stand-in controllers, without it.
 */
@NullMarked
package dev.trimtab.sandbox.api;

import org.jspecify.annotations.NullMarked;
