import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DFSTestUtil;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSNNTopology;
import org.apache.hadoop.hdfs.server.datanode.DataNode;

/**
 * A Hadoop file system on the loopback: two name nodes, of which the second is active, and data nodes. It says where its
 * name nodes are, and then answers each line of its input with one line.
 */
public final class HdfsCluster {
  private final MiniDFSCluster cluster;
  private int active = 1;

  private HdfsCluster(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Arguments: a directory, how many data nodes, and settings (name=value). */
  public static void main(String[] args) throws Exception {
    Configuration conf = new HdfsConfiguration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, args[0]);
    for (int at = 2; at < args.length; at++) {
      String[] setting = args[at].split("=", 2);
      conf.set(setting[0], setting[1]);
    }
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(conf)
        .nnTopology(MiniDFSNNTopology.simpleHATopology())
        .numDataNodes(Integer.parseInt(args[1]))
        .build();
    cluster.waitActive();
    cluster.transitionToActive(1);
    HdfsCluster self = new HdfsCluster(cluster);
    self.files().setPermission(new Path("/"), new FsPermission((short) 0777));
    say("ready " + cluster.getNameNodePort(0) + " " + cluster.getNameNodePort(1));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String answer;
      try {
        answer = "ok " + self.answer(line.split(" "));
      } catch (Exception error) {
        answer = "error " + String.valueOf(error).replace('\n', ' ');
      }
      say(answer);
    }
    cluster.shutdown();
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println("> " + line);
    System.out.flush();
  }

  private FileSystem files() throws Exception {
    return cluster.getFileSystem(active);
  }

  private String answer(String[] words) throws Exception {
    switch (words[0]) {
      case "put":
        return put(new Path(words[1]), Long.parseLong(words[2]));
      case "md5":
        return md5(new Path(words[1]));
      case "checksum":
        return files().getFileChecksum(new Path(words[1])).getAlgorithmName();
      case "replicas":
        return String.valueOf(
            files().getFileBlockLocations(new Path(words[1]), 0, 1)[0].getNames().length);
      case "mkdir":
        files().mkdirs(new Path(words[1]), new FsPermission((short) 0700));
        files().setPermission(new Path(words[1]), new FsPermission((short) 0700));
        return "";
      case "standby":
        cluster.transitionToStandby(active);
        return "";
      case "activate":
        active = 1 - active;
        cluster.transitionToActive(active);
        return "";
      case "stripe":
        DistributedFileSystem striped = (DistributedFileSystem) files();
        striped.enableErasureCodingPolicy("XOR-2-1-1024k");
        striped.mkdirs(new Path(words[1]), new FsPermission((short) 0777));
        striped.setPermission(new Path(words[1]), new FsPermission((short) 0777));
        striped.setErasureCodingPolicy(new Path(words[1]), "XOR-2-1-1024k");
        return "";
      case "safemode":
        cluster.getNameNode(active).getRpcServer().setSafeMode(
            org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction.valueOf(words[1]), false);
        return "";
      case "corrupt":
        return String.valueOf(corrupt(new Path(words[1])));
      case "stop":
        return cluster.stopDataNode(Integer.parseInt(words[1])) == null ? "no such node" : "";
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  private String put(Path path, long size) throws Exception {
    Random random = new Random(size);
    MessageDigest digest = MessageDigest.getInstance("MD5");
    byte[] bytes = new byte[65536];
    try (OutputStream out = files().create(path)) {
      for (long left = size; left > 0; left -= bytes.length) {
        random.nextBytes(bytes);
        int length = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, length);
        digest.update(bytes, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private String md5(Path path) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    byte[] bytes = new byte[65536];
    try (InputStream in = files().open(path)) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) digest.update(bytes, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Damages all replicas of a file's first block but one; the result is how many. */
  private int corrupt(Path path) throws Exception {
    var block = DFSTestUtil.getFirstBlock(files(), path);
    int done = 0;
    int nodes = cluster.getDataNodes().size();
    int wanted = files().getFileBlockLocations(path, 0, 1)[0].getNames().length - 1;
    for (int at = 0; at < nodes && done < wanted; at++) {
      DataNode node = cluster.getDataNodes().get(at);
      if (!node.getFSDataset().contains(block)) continue;
      cluster.corruptReplica(at, block);
      done++;
    }
    return done;
  }
}
