using System.Text;
using Vsmtp.Configuration.Toml;
using Vsmtp.Smtp.Tests.Fuzzing;

namespace Vsmtp.Configuration.Tests.Fuzzing;

public sealed class TomlFuzz
{
    private static readonly byte[][] Documents =
    [
        Encoding.UTF8.GetBytes(ConfigurationWriter.ToToml(new VsmtpConfiguration())),
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Toml", "Data"), "*.toml",
        SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static readonly string[] Pieces =
    [
        "[server]\n", "[server.smtp]\n", "[[a]]\n", "[a.b]\n", "x = 1\n", "x = [1, 2]\n", "y = { z = \"a\" }\n",
        "domain = \"mx.example.com\"\n", "s = '''\n", "\"\"\"", "a.b.c", " = ", "\n",
        "[", "]", "{", "}", ",", "# c\n", "1979-05-27T07:32:00Z", "0x1f", "1_000", "inf", "true", "\\u00e9", "\\U0010FFFF", "\xC3\xA9", "'",
        "\"", "rcpt_count_max = 5\n",
        "addr = [\"127.0.0.1:25\"]\n", "[server.interfaces]\n", "[server.queues]\ndirpath = \"spool\"\n", "connect = \"5m\"\n",
        "security_level = \"May\"\n",
    ];

    [Fact]
    public Task Any_octets_give_a_configuration_or_faults_with_places() => FuzzRun.RunAsync(new FuzzTarget("toml", Make, Find));

    private static byte[] Make(Random random) => random.Next(2) == 0
        ? OctetMutator.Make(random, Pieces, 14)
        : OctetMutator.Mutate(random, Documents[random.Next(Documents.Length)]);

    private static string? Find(byte[] octets)
    {
        var document = TomlReader.Read(octets, "f");
        var lines = octets.Count(octet => octet == '\n') + 1;
        if (document.Faults.FirstOrDefault(fault => fault.Line < 1 || fault.Line > lines || fault.Column < 1) is { } nowhere)
            return $"outside of the file: {nowhere}";
        var read = ConfigurationReader.ReadText(Encoding.UTF8.GetString(octets), "/f.toml", [], _ => null);
        if (read.Faults.Any(fault => fault.ToString().Any(c => char.IsControl(c) && c is not ('\n' or '\t'))))
            return $"a fault with control characters: {read.Faults[0]}";
        if (read.Configuration is not { } configuration)
            return read.Faults.Any(fault => fault.Severity == FaultSeverity.Error) ? null : "refused without an error";
        var written = ConfigurationWriter.ToToml(configuration);
        var again = ConfigurationReader.ReadText(written, "/f.toml", [], _ => null);
        return again.Configuration is { } same && ConfigurationWriter.ToToml(same) == written
            ? null
            : $"what it writes reads otherwise: {string.Join('\n', again.Faults)}\n{written}";
    }
}
