import cloudstacks.App;
import cloudstacks.Output;
import cloudstacks.Stack;
import cloudstacks.WebService;

public final class Main {
  public static void main(String[] arguments) {
    App app = new App();
    Stack stack = new Stack(app, "web-service");
    WebService shop = WebService.Builder.create(stack, "Shop")
        .serviceName("shop")
        .image("alpine:3.22")
        .cidrBlock("10.42.0.0/16")
        .build();

    Output.Builder.create(stack, "Network").value(shop.getNetwork().getNetworkId()).build();
    Output.Builder.create(stack, "Assets").value(shop.getAssets().getBucketName()).build();
    Output.Builder.create(stack, "Jobs").value(shop.getJobs().getQueueUrl()).build();

    app.synth();
  }
}
