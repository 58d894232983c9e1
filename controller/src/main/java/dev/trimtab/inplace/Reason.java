package dev.trimtab.inplace;

import dev.trimtab.codes.Code;
import java.util.Optional;

/**
 * Why a verdict is what it is.
 *
 * @param path the field that decided
 * @param gentler how to get a gentler verdict, where there is a way
 */
public record Reason(Code code, FieldPath path, String text, Optional<String> gentler) {}
