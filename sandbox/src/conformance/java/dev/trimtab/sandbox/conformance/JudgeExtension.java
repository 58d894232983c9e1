package dev.trimtab.sandbox.conformance;

import dev.trimtab.sandbox.judge.Judge;
import dev.trimtab.sandbox.judge.NoJudge;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** One judge a run, one namespace a class. */
final class JudgeExtension implements ExecutionCondition, ParameterResolver {

    private static final Namespace OURS = Namespace.create(JudgeExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Seat seat = seat(context);
        if (seat instanceof Empty empty) {
            return ConditionEvaluationResult.disabled(empty.reason());
        }
        Judge judge = seat.judge();
        return AnnotationSupport.findAnnotation(context.getElement(), Needs.class).stream()
                .flatMap(needs -> Stream.of(needs.value()))
                .filter(part -> !judge.has(part))
                .findFirst()
                .map(part -> ConditionEvaluationResult.disabled("this judge has no " + part))
                .orElseGet(() -> ConditionEvaluationResult.enabled(judge.toString()));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Api.class || type == Judge.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Judge judge = seat(context).judge();
        if (parameter.getParameter().getType() == Judge.class) {
            return judge;
        }
        Class<?> topic = context.getRequiredTestClass();
        return context.getRoot()
                .getStore(OURS)
                .computeIfAbsent(topic, type -> space(judge, topic), Space.class)
                .api();
    }

    /** Whether it is taken is found out once: what does not start for the first class does not start for the others. */
    private static Seat seat(ExtensionContext context) {
        return context.getRoot().getStore(OURS).computeIfAbsent(Seat.class, type -> take(context), Seat.class);
    }

    private static Seat take(ExtensionContext context) {
        try {
            Judge judge = Judge.start();
            System.out.println("conformance: the judge is " + judge);
            context.publishReportEntry("judge", judge.toString());
            return new Taken(judge);
        } catch (NoJudge e) {
            System.out.println("conformance: not run, " + e.reason());
            return new Empty(e.reason());
        } catch (RuntimeException e) {
            return new Broken(e);
        }
    }

    private static Space space(Judge judge, Class<?> topic) {
        byte[] random = new byte[3];
        ThreadLocalRandom.current().nextBytes(random);
        String namespace = topic.getSimpleName().toLowerCase(Locale.ROOT) + "-"
                + HexFormat.of().formatHex(random);
        Api api = new Api(judge.connection(), namespace);
        api.post("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}")
                .ok();
        // Pods are refused until it is there; a controller makes it as well, where one runs.
        api.post(
                "/api/v1/namespaces/{ns}/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        return new Space(api);
    }

    private interface Seat {
        Judge judge();
    }

    private record Taken(Judge judge) implements Seat, AutoCloseable {
        @Override
        public void close() {
            judge.close();
        }
    }

    private record Empty(String reason) implements Seat {
        @Override
        public Judge judge() {
            throw new IllegalStateException(reason);
        }
    }

    private record Broken(RuntimeException why) implements Seat {
        @Override
        public Judge judge() {
            throw new IllegalStateException("The judge did not start", why);
        }
    }

    private record Space(Api api) implements AutoCloseable {

        @Override
        public void close() {
            api.delete("/api/v1/namespaces/{ns}", "{}");
        }
    }
}
