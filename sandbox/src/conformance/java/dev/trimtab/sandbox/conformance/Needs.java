package dev.trimtab.sandbox.conformance;

import dev.trimtab.sandbox.judge.Part;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a topic or a test needs besides an API server; where the judge lacks it, it is not run and that is reported. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface Needs {
    Part[] value();
}
