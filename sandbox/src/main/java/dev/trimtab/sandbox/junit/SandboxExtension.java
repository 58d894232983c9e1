package dev.trimtab.sandbox.junit;

import dev.trimtab.sandbox.VirtualClock;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.faults.Faults;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts a sandbox when a test asks for something of it; JUnit's store closes it. */
final class SandboxExtension implements ParameterResolver {

    private static final Namespace OURS = Namespace.create(SandboxExtension.class);

    private static final Set<Class<?>> TYPES = Set.of(
            URI.class, Path.class, LocalApi.class, Faults.class, VirtualClock.class, dev.trimtab.sandbox.Sandbox.class);

    /** An annotation, and the context whose end is the sandbox's end. */
    private record Place(Sandbox sandbox, ExtensionContext context) {}

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType()) && !parameter.isAnnotated(TempDir.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Running running = running(context);
        if (type == URI.class) {
            return running.sandbox().address();
        }
        if (type == Path.class) {
            return running.kubeconfig();
        }
        if (type == LocalApi.class) {
            return running.sandbox().api();
        }
        if (type == Faults.class) {
            return running.sandbox().faults();
        }
        if (type == VirtualClock.class) {
            return running.clock()
                    .orElseThrow(() -> new ParameterResolutionException(
                            "This sandbox runs in real time: say @Sandbox(virtualTime = true) to have a VirtualClock"));
        }
        return running.sandbox();
    }

    private static Running running(ExtensionContext context) {
        Place place = place(context);
        // A store also finds what the stores around it have, so the key says whose it is.
        return place.context()
                .getStore(OURS)
                .computeIfAbsent(place.context().getUniqueId(), owner -> Running.start(place.sandbox()), Running.class);
    }

    /** The nearest annotation: the method's, the class's, then those of enclosing classes. */
    private static Place place(ExtensionContext context) {
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            ExtensionContext here = at.get();
            Optional<Sandbox> annotation = AnnotationSupport.findAnnotation(here.getElement(), Sandbox.class);
            if (annotation.isPresent()) {
                boolean each = annotation.get().scope() == Sandbox.Scope.METHOD;
                return new Place(annotation.get(), each ? context : here);
            }
        }
        throw new ParameterResolutionException("There is no @Sandbox on the test or its class");
    }
}
