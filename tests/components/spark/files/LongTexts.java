import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs what it is asked for through Log4j, and prints the text on standard output as it was before. */
class LongTexts {
    private static final Logger LOGGER = LogManager.getLogger("long.Texts");

    public static void main(String[] arguments) throws InterruptedException {
        int number = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "message" -> message(number);
            case "trace" -> trace(number);
            case "threads" -> threads(number);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** One message of so many characters, the last of them another one. */
    private static void message(int characters) {
        String text = "\u20ac".repeat(characters - 1) + "!";
        LOGGER.info(text);
        System.out.print(text);
    }

    /** One exception with so many causes, each with a trace of its own. */
    private static void trace(int causes) {
        Throwable outermost = nested(causes);
        LOGGER.error("it failed", outermost);
        StringWriter text = new StringWriter();
        outermost.printStackTrace(new PrintWriter(text));
        System.out.print(text);
    }

    /** So many threads, one after another and all alive until the last has logged an exception. */
    private static void threads(int count) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        for (int each = 0; each < count; each++) {
            CountDownLatch logged = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                LOGGER.error("it failed", nested(1));
                logged.countDown();
                try {
                    end.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.setDaemon(true);
            thread.start();
            logged.await();
        }
        System.out.print(count);
    }

    private static Throwable nested(int causes) {
        Throwable cause = new java.io.IOException("No space left on device");
        for (int each = 0; each < causes; each++) {
            Throwable outer = new IllegalStateException("cause " + each, cause);
            StackTraceElement[] frames = new StackTraceElement[45];
            for (int frame = 0; frame < frames.length; frame++) {
                frames[frame] = new StackTraceElement(
                        "org.apache.spark.example.Stage" + each, "method" + frame, "Stage.scala", frame + 1);
            }
            outer.setStackTrace(frames);
            cause = outer;
        }
        return cause;
    }
}
