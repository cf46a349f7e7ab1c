import cloudstacks.App;
import cloudstacks.NewsFanOut;
import cloudstacks.Output;
import cloudstacks.Reader;
import cloudstacks.Stack;
import java.util.List;
import java.util.Map;

public final class Main {
  public static void main(String[] arguments) {
    App app = new App();
    Stack stack = new Stack(app, "news-fan-out");
    NewsFanOut orders = NewsFanOut.Builder.create(stack, "Orders")
        .topicName("orders")
        .readers(List.of(
            Reader.builder().name("billing").filter(Map.of("kind", List.of("paid", "refunded"))).build(),
            Reader.builder().name("audit").build()))
        .build();

    Output.Builder.create(stack, "Topic").value(orders.getTopic().getTopicArn()).build();

    app.synth();
  }
}
