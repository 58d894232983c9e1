package dev.trimtab.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.review.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Walks through the steps of a demo and tells them. */
public final class DemoTour {

    private final Demo demo;
    private final Style style;
    private final List<DemoStep> done = new ArrayList<>();

    public DemoTour(Demo demo, Style style) {
        this.demo = demo;
        this.style = style;
    }

    /** Walks through all steps; each is told as soon as it is over. */
    public void tell(Consumer<String> out) {
        DemoText text = new DemoText(style);
        out.accept("A sandbox with its own Kubernetes API, a bare repository and a controller are up.\n"
                + "  export KUBECONFIG=" + demo.kubeconfig() + "\n");
        for (Supplier<DemoStep> step : demo.steps()) {
            DemoStep over = step.get();
            done.add(over);
            out.accept(text.render(done.size(), over));
        }
    }

    /** Walks through all steps and gives them as one document. */
    public ObjectNode document() {
        for (Supplier<DemoStep> step : demo.steps()) {
            done.add(step.get());
        }
        return DemoJson.render(done);
    }

    /** Whether all that the plans said so far is what then happened. */
    public boolean cameTrue() {
        return done.stream().allMatch(step -> step.differences().isEmpty());
    }

    /** What a person can try next, while the demo stays up. */
    public String invitation() {
        String clone = demo.folder().resolve("mine").toString();
        return """

                Now it is your turn; everything stays up until you press Ctrl-C.

                  export KUBECONFIG=%s
                  repository        %s

                In another terminal:

                  kubectl get pods -n shop -w
                  git clone %s %s && cd %s
                  sed -i 's/cart:1.8.3/cart:1.8.4/' workloads/cart.yaml && git commit -am 'cart: 1.8.4' && git push
                """.formatted(demo.kubeconfig(), demo.repository(), demo.repository(), clone, clone);
    }
}
