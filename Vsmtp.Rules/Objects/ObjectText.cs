using System.Collections.Frozen;
using System.Net.Sockets;
using Vsmtp.Mail.Addresses;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary>Reads an object of a kind from its text form.</summary>
internal static class ObjectText
{
    private static readonly FrozenDictionary<string, Func<string, Completion>> Parsers =
        new Dictionary<string, Func<string, Completion>>
        {
            ["ip4"] = text => Ip(text, AddressFamily.InterNetwork, "an IPv4 address"),
            ["ip6"] = text => Ip(text, AddressFamily.InterNetworkV6, "an IPv6 address"),
            ["rg4"] = text => Network(text, AddressFamily.InterNetwork, "an IPv4 network, such as 192.0.2.0/24"),
            ["rg6"] = text => Network(text, AddressFamily.InterNetworkV6, "an IPv6 network, such as 2001:db8::/32"),
            ["fqdn"] = text => DomainName.IsValid(text) ? Made(new FqdnObject(text)) : Not(text, "a valid domain name"),
            ["address"] = text => MailAddress.TryParse(text, out var address)
                ? Made(new AddressObject(address))
                : Not(text, "a valid address"),
            ["identifier"] = text => Made(new IdentifierObject(text)),
            ["string"] = text => Value.From(text),
            ["regex"] = text => RegexObject.TryCreate(text, out var regex, out var fault)
                ? Made(regex)
                : Completion.Error($"`{text}` is not a regular expression that can be used: {fault}"),
            ["code"] = text => ReplyText.TryParse(text, out var reply, out var fault)
                ? Made(new CodeObject(reply))
                : Completion.Error(fault),
        }.ToFrozenDictionary();

    /// <summary>Kinds that lines of a file may have; the others are <c>group</c>, <c>file</c> and <c>code</c>.</summary>
    public static FrozenSet<string> LineKinds { get; } = Parsers.Keys.Where(kind => kind != "code").ToFrozenSet();

    /// <param name="kind">Any but <c>group</c> and <c>file</c>.</param>
    /// <returns>The object, or an error that quotes the text.</returns>
    public static Completion Parse(string kind, string text) => Parsers[kind](text);

    private static Completion Ip(string text, AddressFamily family, string wanted) =>
        IpText.TryParse(text, out var address) && address.AddressFamily == family
            ? Made(new IpObject(address))
            : Not(text, wanted);

    private static Completion Network(string text, AddressFamily family, string wanted) =>
        IpText.TryParseNetwork(text, out var network) && network.BaseAddress.AddressFamily == family
            ? Made(new NetworkObject(network))
            : Not(text, wanted);

    private static Completion Made(VslObject value) => Value.From(value);

    private static Completion Not(string text, string wanted) => Completion.Error($"`{text}` is not {wanted}");
}
