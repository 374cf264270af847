using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Vsmtp.Cli.Demo;

/// <summary>The files of <c>examples/clamav</c> in a folder of their own, with free ports in place of its ports.</summary>
internal sealed class DemoSite : IDisposable
{
    private const string ExampleClientPort = "127.0.0.1:2525";
    private const string ExampleReceiverPort = "127.0.0.1:10025";
    private const string ExampleScannerPort = "127.0.0.1:10026";

    private DemoSite(string folder, int[] ports)
    {
        Folder = folder;
        (Client, Receiver, Scanner) = (End(ports[0]), End(ports[1]), End(ports[2]));
    }

    public string Folder { get; }

    /// <summary>Where the server takes mail.</summary>
    public IPEndPoint Client { get; }

    /// <summary>Where the scanner brings mail back.</summary>
    public IPEndPoint Receiver { get; }

    /// <summary>Where the scanner takes mail.</summary>
    public IPEndPoint Scanner { get; }

    public string ConfigFile => Path.Combine(Folder, "vsmtp.toml");

    public string MailFolder => Path.Combine(Folder, "var", "mail");

    public static DemoSite Create()
    {
        var site = new DemoSite(Directory.CreateTempSubdirectory("vsmtp-demo-").FullName, FreePorts(3));
        foreach (var file in (ReadOnlySpan<string>)["vsmtp.toml", "main.vsl", "service.vsl"])
            File.WriteAllText(Path.Combine(site.Folder, file), site.Read(file));
        return site;
    }

    /// <summary>A file of the example, with this site's ports.</summary>
    public string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"example/{file}")
            ?? throw new InvalidOperationException($"The example has no {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace(ExampleClientPort, Client.ToString(), StringComparison.Ordinal)
            .Replace(ExampleReceiverPort, Receiver.ToString(), StringComparison.Ordinal)
            .Replace(ExampleScannerPort, Scanner.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static IPEndPoint End(int port) => new(IPAddress.Loopback, port);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
