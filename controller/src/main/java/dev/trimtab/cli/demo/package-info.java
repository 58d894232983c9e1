/**
 * The guided tour: a sandbox, a repository and a sync, and someone who commits. Comes in: a definition to begin with. Goes
 * out: what each plan said and what the pods then did.
 */
@NullMarked
package dev.trimtab.cli.demo;

import org.jspecify.annotations.NullMarked;
