package dev.trimtab.sandbox.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A topic of the suite. Its constructor may take an {@link Api}, whose namespace is this class's own, and the {@link
 * dev.trimtab.sandbox.judge.Judge}, for clients that want a kubeconfig. Tests of one class use different object names. What needs
 * more than an API server says so with {@link Needs}.
 */
@Tag("conformance")
@ExtendWith(JudgeExtension.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Conformance {}
