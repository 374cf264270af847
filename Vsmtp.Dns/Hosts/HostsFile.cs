using System.Text;
using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Hosts;

/// <summary>The hosts file as it is now: looked at with each question, read again when it has changed.</summary>
internal sealed class HostsFile(string path)
{
    // Lists against advertising have some 100,000 lines; what is behind is not read.
    private const int MaxBytes = 16 * 1024 * 1024;

    private volatile Version? _read;

    public DnsAnswer? Answer(DnsQuestion question) => Current().Answer(question);

    private HostsTable Current()
    {
        var file = new FileInfo(path);
        var (written, length) = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (default, -1L);
        var read = _read;
        if (read is null || read.Written != written || read.Length != length)
        {
            _read = read = new Version(written, length, length < 0 ? HostsTable.Empty : Read());
        }

        return read.Table;
    }

    private HostsTable Read()
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[(int)Math.Min(file.Length, MaxBytes)];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return HostsTable.Parse(Encoding.UTF8.GetString(bytes, 0, length).Split('\n'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone or forbidden since: as the system's resolver, go on without it.
            return HostsTable.Empty;
        }
    }

    private sealed record Version(DateTime Written, long Length, HostsTable Table);
}
