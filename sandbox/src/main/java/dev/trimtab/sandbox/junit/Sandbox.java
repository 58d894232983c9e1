package dev.trimtab.sandbox.junit;

import dev.trimtab.sandbox.VirtualClock;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.faults.Faults;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a Kubernetes of its own. On a class, all its tests share one, unless {@link #scope} says otherwise; on a method,
 * that test has one. Constructors and methods may take as parameters:
 *
 * <ul>
 *   <li>{@link URI}: where the API is served, without TLS and for anybody;
 *   <li>{@link Path}: a kubeconfig file, for clients that read one;
 *   <li>{@link LocalApi}: the same API without HTTP;
 *   <li>{@link Faults}: failures on demand;
 *   <li>{@link VirtualClock}: the sandbox's time, if {@link #virtualTime} is set;
 *   <li>{@link dev.trimtab.sandbox.Sandbox}: all of it.
 * </ul>
 *
 * <p>It starts with the first parameter that is asked for and is closed after the class or the test.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SandboxExtension.class)
public @interface Sandbox {

    /** Whose sandbox it is. */
    enum Scope {
        /** One for all tests of the class, and of classes nested in it. */
        CLASS,
        /** One for each test. */
        METHOD
    }

    Scope scope() default Scope.CLASS;

    /** Names of the nodes. */
    String[] nodes() default {"node-1"};

    /** False leaves a bare API server. */
    boolean controllers() default true;

    /** True lets those whom the administrator impersonates do what roles and bindings allow, and nothing else. */
    boolean rbac() default false;

    /** Time stands still until the test's {@link VirtualClock} is advanced. */
    boolean virtualTime() default false;
}
