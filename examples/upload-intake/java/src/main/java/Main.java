import cloudstacks.App;
import cloudstacks.Output;
import cloudstacks.Stack;
import cloudstacks.UploadIntake;

public final class Main {
  public static void main(String[] arguments) {
    App app = new App();
    Stack stack = new Stack(app, "upload-intake");
    UploadIntake claims = UploadIntake.Builder.create(stack, "Claims")
        .intakeName("claims")
        .prefix("in/")
        .expireAfterDays(30)
        .build();

    Output.Builder.create(stack, "Uploads").value(claims.getUploads().getBucketName()).build();
    Output.Builder.create(stack, "Work").value(claims.getWork().getQueueUrl()).build();
    Output.Builder.create(stack, "Results").value(claims.getResults().getTableName()).build();

    app.synth();
  }
}
