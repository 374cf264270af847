using System.Buffers;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Gateway.Proxying;

namespace Vsmtp.Gateway.Tests.Proxying;

/// <summary>What holds for all bytes.</summary>
public sealed class ProxyHeaderProperties
{
    private static readonly Gen<byte> Octet = Gen.Choose(0, 255).Select(octet => (byte)octet);

    private static readonly Gen<byte[]> Octets = Octet.ListOf().Select(octets => octets.ToArray());

    private static readonly Gen<IPEndPoint> Ipv4End = EndOf(4);

    private static readonly Gen<IPEndPoint> Ipv6End = EndOf(16);

    /// <summary>Well-formed additions of types that mean nothing to us.</summary>
    private static readonly Gen<byte[]> Additions = Octet.Where(type => type != 0x03)
        .SelectMany(type => Octets.Select(value => ProxyBytes.Addition(type, value)))
        .ListOf().Select(additions => additions.SelectMany(addition => addition).ToArray())
        .Where(additions => additions.Length <= ProxyHeaderParser.MaxBytes - 16 - 36);

    private static readonly Gen<(IPEndPoint Client, IPEndPoint Server, byte[] Bytes)> Relayed = Gen.OneOf(Ipv4End, Ipv6End)
        .SelectMany(client => (client.Address.GetAddressBytes().Length == 4 ? Ipv4End : Ipv6End)
            .SelectMany(server => Additions.Select(additions => (client, server, ProxyBytes.Relay(client, server, additions)))));

    /// <summary>Headers whole, cut off, with an octet changed; fixed bytes of all kinds; noise; each with something behind.</summary>
    private static readonly Gen<byte[]> Beginnings = Gen.Frequency(
            (3, Relayed.Select(header => header.Bytes)),
            (3, Relayed.SelectMany(header => Gen.Choose(0, header.Bytes.Length - 1)
                .SelectMany(at => Octet.Select(octet => (byte[])[.. header.Bytes[..at], octet, .. header.Bytes[(at + 1)..]])))),
            (2, Relayed.SelectMany(header => Gen.Choose(0, header.Bytes.Length).Select(length => header.Bytes[..length]))),
            (2, Octet.SelectMany(command => Octet.SelectMany(family => Gen.Choose(0, 300)
                .SelectMany(length => Octets.Select(rest => ProxyBytes.OfLength(command, family, length, rest)))))),
            (1, Octets.Select(rest => (byte[])[.. "PROXY "u8, .. rest])),
            (1, Octets))
        .SelectMany(bytes => Octets.Select(behind => (byte[])[.. bytes, .. behind]));

    [Fact]
    public void Every_header_of_TCP_tells_the_ends_that_it_was_written_with() =>
        Prop.ForAll(Relayed.ToArbitrary(), written =>
        {
            var input = new ReadOnlySequence<byte>(written.Bytes);
            var isWhole = ProxyHeaderParser.TryParse(ref input, out var header);
            return isWhole && input.IsEmpty && header is ProxyHeader.Relayed(var client, var server)
                && client.Equals(ConnectionEnds.Plain(written.Client.Address, written.Client.Port))
                && server.Equals(ConnectionEnds.Plain(written.Server.Address, written.Server.Port));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void However_the_bytes_are_cut_the_same_comes_out_and_the_same_is_left() =>
        Prop.ForAll(
            Beginnings.ToArbitrary(), Gen.Choose(0, 1_000_000).ListOf().ToArbitrary(),
            (bytes, places) =>
            {
                var at = places.Select(place => place % (bytes.Length + 1)).Order().ToArray();
                return Outcome(new ReadOnlySequence<byte>(bytes)) == Outcome(Cuts.Of(bytes, at));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_comes_out_of_the_first_arrivals_that_say_enough_is_what_comes_out_of_all() =>
        Prop.ForAll(Beginnings.ToArbitrary(), bytes =>
        {
            var all = Outcome(new ReadOnlySequence<byte>(bytes));
            return Enumerable.Range(0, bytes.Length).All(arrived =>
            {
                var input = new ReadOnlySequence<byte>(bytes.AsMemory(0, arrived));
                var (header, left) = Outcome(input);
                return header is null ? left == arrived : header == all.Header && arrived - left == bytes.Length - all.Left;
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Noise_throws_nothing_and_nothing_is_taken_of_what_is_refused() =>
        Prop.ForAll(Octets.ToArbitrary(), Beginnings.ToArbitrary(), (noise, beginning) => new[] { noise, beginning }.All(bytes =>
        {
            var (header, left) = Outcome(new ReadOnlySequence<byte>(bytes));
            return header is ProxyHeader.Relayed or ProxyHeader.Own ? left <= bytes.Length - 16 : left == bytes.Length;
        })).QuickCheckThrowOnFailure();

    private static (ProxyHeader? Header, long Left) Outcome(ReadOnlySequence<byte> input) =>
        ProxyHeaderParser.TryParse(ref input, out var header) ? (header, input.Length) : (null, input.Length);

    private static Gen<IPEndPoint> EndOf(int addressBytes) => Octet.ArrayOf(addressBytes)
        .SelectMany(address => Gen.Choose(0, 65_535).Select(port => new IPEndPoint(new IPAddress(address), port)));
}
