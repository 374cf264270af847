using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Tests.Commands;

/// <summary>XFORWARD as Postfix's XFORWARD_README has it, read and written.</summary>
public sealed class XForwardSyntaxTests
{
    private static readonly string[] All = XForwardSyntax.Keywords.Split(' ');

    private static readonly XForwardAttributes Example = new()
    {
        Name = "spike.porcupine.org",
        Address = IPAddress.Parse("168.100.189.2"),
        Port = 3456,
        Protocol = "ESMTP",
        Helo = "[IPv6:2001:db8::1]",
        Identity = "m-00-01jd0000000000000000000000",
        IsLocal = false,
    };

    private static XForwardAttributes? Read(string line) =>
        SmtpCommandParser.Parse(Encoding.UTF8.GetBytes(line), SmtpExtensions.Receiver, out var command) == CommandFault.None
            ? Assert.IsType<SmtpCommand.XForward>(command).Attributes
            : null;

    [Fact]
    public void All_attributes_are_read() => Assert.Equal(
        Example,
        Read("XFORWARD NAME=spike.porcupine.org ADDR=168.100.189.2 PORT=3456 PROTO=ESMTP HELO=[IPv6:2001:db8::1]"
            + " IDENT=m-00-01jd0000000000000000000000 SOURCE=REMOTE"));

    [Theory]
    [InlineData("xforward name=a", "a")]
    [InlineData("XFORWARD  NAME=a\tPORT=1", "a")]
    [InlineData("XFORWARD NAME=a NAME=b", "b")]
    [InlineData("XFORWARD NAME=a NAME=[unavailable]", null)]
    [InlineData("XFORWARD NAME=a+2Bb+3dc", "a+b=c")]
    [InlineData("XFORWARD NAME=[UNAVAILABLE]", null)]
    [InlineData("XFORWARD NAME=[uNAvailable]", null)]
    [InlineData("XFORWARD NAME=+5BUNAVAILABLE+5D", null)]
    public void A_name_is_read(string line, string? name) => Assert.Equal(name, Assert.IsType<XForwardAttributes>(Read(line)).Name);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("IPV6:2001:db8::1", "2001:db8::1")]
    [InlineData("IPv6:2001:DB8::1", "2001:db8::1")]
    [InlineData("[UNAVAILABLE]", null)]
    public void An_address_is_read(string written, string? address) => Assert.Equal(
        address, Assert.IsType<XForwardAttributes>(Read($"XFORWARD ADDR={written}")).Address?.ToString());

    [Theory]
    [InlineData("XFORWARD")]
    [InlineData("XFORWARD NAME")]
    [InlineData("XFORWARD NAME=")]
    [InlineData("XFORWARD =a")]
    [InlineData("XFORWARD NAME = a")]
    [InlineData("XFORWARD COLOUR=red")]
    [InlineData("XFORWARD NAME=a COLOUR=red")]
    [InlineData("XFORWARD NAME=a=b")]
    [InlineData("XFORWARD NAME=a+")]
    [InlineData("XFORWARD NAME=a+GG")]
    [InlineData("XFORWARD NAME=a+20b")]
    [InlineData("XFORWARD NAME=a+0D+0AMAIL")]
    [InlineData("XFORWARD NAME=a+00")]
    [InlineData("XFORWARD NAME=caf+C3+A9")]
    [InlineData("XFORWARD NAME=café")]
    [InlineData("XFORWARD NAME=<a>")]
    [InlineData("XFORWARD HELO=a(b)")]
    [InlineData("XFORWARD IDENT=\"a\"")]
    [InlineData("XFORWARD ADDR=[192.0.2.1]")]
    [InlineData("XFORWARD ADDR=192.0.2.256")]
    [InlineData("XFORWARD ADDR=127.1")]
    [InlineData("XFORWARD ADDR=2001:db8::1")]
    [InlineData("XFORWARD ADDR=IPV6:fe80::1%eth0")]
    [InlineData("XFORWARD ADDR=IPV6:")]
    [InlineData("XFORWARD PORT=")]
    [InlineData("XFORWARD PORT=-1")]
    [InlineData("XFORWARD PORT=65536")]
    [InlineData("XFORWARD PORT=000001")]
    [InlineData("XFORWARD PORT=1x")]
    [InlineData("XFORWARD SOURCE=HERE")]
    public void What_postfix_does_not_know_is_refused(string line) => Assert.Null(Read(line));

    [Fact]
    public void Values_have_a_length()
    {
        Assert.NotNull(Read($"XFORWARD NAME={new string('a', 255)}"));
        Assert.Null(Read($"XFORWARD NAME={new string('a', 256)}"));
        Assert.NotNull(Read($"XFORWARD PROTO={new string('a', 64)}"));
        Assert.Null(Read($"XFORWARD PROTO={new string('a', 65)}"));
        Assert.Equal(510, $"XFORWARD NAME={new string('a', 255)} HELO={new string('b', 235)}".Length);
        Assert.NotNull(Read($"XFORWARD NAME={new string('a', 255)} HELO={new string('b', 235)}"));
        Assert.Null(Read($"XFORWARD NAME={new string('a', 255)} HELO={new string('b', 236)}"));
    }

    [Fact]
    public void What_is_known_is_written_and_the_rest_is_not_available()
    {
        Assert.Equal(
            ["XFORWARD NAME=spike.porcupine.org ADDR=168.100.189.2 PORT=3456 PROTO=ESMTP HELO=[IPv6:2001:db8::1]"
                + " IDENT=m-00-01jd0000000000000000000000 SOURCE=REMOTE"],
            XForwardSyntax.Write(Example, All));
        Assert.Equal(
            ["XFORWARD NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] PORT=[UNAVAILABLE] PROTO=[UNAVAILABLE] HELO=[UNAVAILABLE]"
                + " IDENT=[UNAVAILABLE] SOURCE=[UNAVAILABLE]"],
            XForwardSyntax.Write(new XForwardAttributes(), All));
    }

    [Theory]
    [InlineData("ADDR", "XFORWARD ADDR=168.100.189.2")]
    [InlineData("source addr COLOUR", "XFORWARD ADDR=168.100.189.2 SOURCE=REMOTE")]
    [InlineData("COLOUR", null)]
    [InlineData("", null)]
    public void Only_what_is_announced_is_written(string announced, string? line) => Assert.Equal(
        line is null ? [] : [line], XForwardSyntax.Write(Example, announced.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("fe80::1%3", "IPV6:fe80::1")]
    public void An_address_is_written_without_what_means_nothing_elsewhere(string address, string written) => Assert.Equal(
        [$"XFORWARD ADDR={written}"], XForwardSyntax.Write(new XForwardAttributes { Address = IPAddress.Parse(address) }, ["ADDR"]));

    [Theory]
    [InlineData("a name with blanks")]
    [InlineData("café.example")]
    [InlineData("a\r\nMAIL FROM:<b>")]
    [InlineData("<a>")]
    [InlineData("")]
    public void A_name_that_no_value_can_hold_is_not_available(string helo) => Assert.Equal(
        ["XFORWARD HELO=[UNAVAILABLE]"], XForwardSyntax.Write(new XForwardAttributes { Helo = helo }, ["HELO"]));

    [Fact]
    public void Whatever_is_written_is_read_again_in_lines_of_512_octets()
    {
        var names = Gen.OneOf(
            Gen.Constant<string?>(null),
            Gen.Choose('!', '~').Select(c => (char)c).ListOf().Select(string? (list) => string.Concat(list)),
            Gen.Choose(1, 255).Select(string? (length) => new string('x', length)));
        var addresses = Gen.OneOf(
            Gen.Constant<IPAddress?>(null),
            Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(4).Select(IPAddress? (octets) => new IPAddress(octets)),
            Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(16).Select(IPAddress? (octets) => new IPAddress(octets)));
        var attributes =
            from name in names
            from helo in names
            from identity in names
            from address in addresses
            from port in Gen.Choose(-1, 65535)
            from source in Gen.Elements<bool?>(null, true, false)
            select new XForwardAttributes
            {
                Name = name, Helo = helo, Identity = identity, Address = address, Port = port < 0 ? null : port, IsLocal = source, Protocol = "ESMTP",
            };
        Prop.ForAll(attributes.ToArbitrary(), written =>
        {
            var read = new List<XForwardAttributes>();
            foreach (var line in XForwardSyntax.Write(written, All))
            {
                Assert.InRange(line.Length, 1, 510);
                read.Add(Assert.IsType<XForwardAttributes>(Read(line)));
            }

            // Each attribute is in one line, and null in the others.
            Assert.Equal(Sayable(written.Name), read.Select(r => r.Name).FirstOrDefault(v => v is not null));
            Assert.Equal(Sayable(written.Helo), read.Select(r => r.Helo).FirstOrDefault(v => v is not null));
            Assert.Equal(Sayable(written.Identity), read.Select(r => r.Identity).FirstOrDefault(v => v is not null));
            Assert.Equal(written.Address, read.Select(r => r.Address).FirstOrDefault(v => v is not null));
            Assert.Equal(written.Port, read.Select(r => r.Port).FirstOrDefault(v => v is not null));
            Assert.Equal(written.IsLocal, read.Select(r => r.IsLocal).FirstOrDefault(v => v is not null));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(200));
    }

    [Fact]
    public void Pieces_of_it_in_any_order_never_throw()
    {
        var pieces = Gen.Elements(
            "XFORWARD", " ", "\t", "=", "+", "+2B", "+0D", "+FF", "NAME", "ADDR=", "PORT=", "PROTO=", "HELO=", "IDENT=", "SOURCE=", "LOCAL",
            "[UNAVAILABLE]", "IPV6:", "::", ":", ".", "1", "255", "99999999999", "%", "é", "\ud83d", "\0", "\r\n");
        var lines = pieces.ListOf().Select(list => $"XFORWARD {string.Concat(list)}").ToArbitrary();
        Prop.ForAll(lines, line =>
                SmtpCommandParser.Parse(Encoding.UTF8.GetBytes(line), SmtpExtensions.Receiver, out var command) == CommandFault.None
                    == command is SmtpCommand.XForward { Attributes: not null })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(30));
    }

    /// <summary>What comes through: nothing where the value has what no value may have, or is too long when written.</summary>
    private static string? Sayable(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Any(c => "()<>@,;\\\"".Contains(c)) || value == "[UNAVAILABLE]") return null;
        return value.Sum(c => c is '+' or '=' ? 3 : 1) > 255 ? null : value;
    }
}
