using System.Collections.Immutable;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.smtp.codes]</c>.</summary>
internal static class ReplyCodesReader
{
    public static ReplyCodes Read(TableReader codes, string domain)
    {
        var overrides = ImmutableSortedDictionary.CreateBuilder<ReplyName, ReplyTemplate>();
        foreach (var name in Enum.GetValues<ReplyName>())
        {
            var key = name.ToString();
            if (ReadReply(codes, key) is { } reply)
            {
                if (ReplyText.FaultOf(reply, ReplyCodes.DefaultOf(name), domain) is { } fault)
                {
                    codes.Error(key, fault);
                    continue;
                }

                overrides.Add(name, reply);
                WarnOfGenerated(codes, name);
            }
        }

        codes.Close();
        return new(overrides.ToImmutable(), domain);
    }

    private static ReplyTemplate? ReadReply(TableReader codes, string key)
    {
        if (codes.Find(key) is not TomlTable)
        {
            return codes.Parse<ReplyTemplate>(key, null, ReplyText.TryParse, ReplyText.Expected);
        }

        var parts = codes.Table(key);
        var isWhole = parts.Require("it is mandatory in the table", "code", "text");
        var reply = new ReplyTemplate((int)parts.Long("code", 0, 200, 559), parts.Text("enhanced", null), parts.Text("text", ""));
        parts.Close();
        return isWhole && reply.Code != 0 ? reply : null;
    }

    private static void WarnOfGenerated(TableReader codes, ReplyName name)
    {
        if (name is ReplyName.EhloPain or ReplyName.EhloSecured)
        {
            codes.Warning(name.ToString(), "has no effect: the answer to EHLO is made of what the server offers");
        }
    }
}
