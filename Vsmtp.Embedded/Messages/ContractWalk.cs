using System.CodeDom.Compiler;
using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Classes;
using Vsmtp.Embedded.States;

namespace Vsmtp.Embedded.Messages;

/// <summary>One walk from grain interfaces and classes over all types that they pass and keep.</summary>
internal sealed class ContractWalk
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<Type> _seen = [];
    private readonly Dictionary<string, Type> _aliases = [];
    private readonly Dictionary<string, Type> _stateNames = [];
    private readonly ImmutableArray<ContractFault>.Builder _faults = ImmutableArray.CreateBuilder<ContractFault>();

    public ImmutableArray<ContractFault> Faults => _faults.ToImmutable();

    public void VisitInterface(Type type)
    {
        if (!_seen.Add(type)) return;
        CheckAlias(type);
        foreach (var twice in type.GetMethods().GroupBy(AliasOf).Where(same => same.Key is not null && same.Count() > 1))
            Fault(type, $"the alias \"{twice.Key}\" names more than one method");
        foreach (var method in type.GetMethods()) VisitMethod(type, method);
        if (type.GetProperties().Length + type.GetEvents().Length > 0) Fault(type, "a grain interface has methods only");
        foreach (var parent in type.GetInterfaces().Where(MessageContract.IsGrainInterface)) VisitInterface(parent);
    }

    public void VisitClass(Type type)
    {
        if (!_seen.Add(type)) return;
        foreach (var part in type.GetInterfaces().Where(MessageContract.IsGrainInterface)) VisitInterface(part);
        foreach (var parameter in type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Where(StateParameter.Is))
            VisitState(type, new StateParameter(parameter));
        if (GrainClass.StateTypeOf(type) is { } inherited) VisitState(type, new StateParameter(inherited));
        for (var part = type; part is not null && part.Assembly != typeof(Grain).Assembly; part = part.BaseType) VisitStatics(part);
    }

    private void VisitStatics(Type type)
    {
        foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            if (IsShared(field)) Fault($"{type}.{field.Name}", "static and changeable: activations share nothing");
    }

    private void VisitMethod(Type type, MethodInfo method)
    {
        var where = $"{type}.{method.Name}";
        if (method.IsGenericMethod) Fault(where, "a grain method is not generic");
        if (Result(method.ReturnType) is not { } result) Fault(where, $"returns {method.ReturnType}, not Task, Task<T>, ValueTask or ValueTask<T>");
        else if (result != typeof(void)) VisitValue(result, where);

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef) Fault($"{where}({parameter.Name})", "passed by ref, in or out");
            else if (parameter.ParameterType != typeof(CancellationToken)) VisitValue(parameter.ParameterType, $"{where}({parameter.Name})");
        }
    }

    private void VisitState(Type grain, StateParameter state)
    {
        // Two grain types with one state name share rows (spec/orleans-api.md, "Behaviour that bites", 1).
        if (!_stateNames.TryAdd(state.StateName, grain)) Fault(grain, $"its state name \"{state.StateName}\" is that of {_stateNames[state.StateName]}");
        if (!state.StateType.IsValueType && state.StateType.GetConstructor(Type.EmptyTypes) is null)
            Fault(state.StateType, "a state begins empty and needs a public constructor without parameters");
        VisitValue(state.StateType, $"{grain}, state \"{state.StateName}\"");
    }

    /// <summary>A type that is passed or kept.</summary>
    private void VisitValue(Type type, string where)
    {
        if (ImmutableTypes.Has(type) || type.IsAssignableTo(typeof(IAddressable))) return;
        if (ImmutableTypes.TryGetHeld(type, out var held))
        {
            foreach (var inner in held) VisitValue(inner, where);
        }
        else if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
        {
            Fault(where, $"{type} is neither an immutable type of .NET nor has it [GenerateSerializer]");
        }
        else if (_seen.Add(type))
        {
            VisitMessage(type);
        }
    }

    private void VisitMessage(Type type)
    {
        CheckAlias(type);
        if (type.IsAbstract)
        {
            foreach (var kind in type.Assembly.GetTypes().Where(kind => kind.BaseType == type)) VisitValue(kind, type.ToString());
        }
        else if (!type.IsSealed)
        {
            Fault(type, "neither sealed nor abstract: a derived type could change");
        }

        for (var part = type; part is not null && part != typeof(object) && part != typeof(ValueType); part = part.BaseType)
            VisitMembers(part);
    }

    private void VisitMembers(Type type)
    {
        var ids = new HashSet<uint>();
        foreach (var field in type.GetFields(Declared))
        {
            var member = MemberOf(field);
            var where = $"{type}.{member.Name}";
            if (member.GetCustomAttribute<IdAttribute>() is not { } id) Fault(where, "has no [Id], so it would be lost on the way");
            else if (!ids.Add(id.Id)) Fault(where, $"its id {id.Id} is used twice");
            if (!field.IsInitOnly) Fault(where, "can be set after it was made");
            VisitValue(field.FieldType, where);
        }
    }

    private void CheckAlias(Type type)
    {
        if (AliasOf(type) is not { } alias) Fault(type, "has no [Alias]");
        else if (!_aliases.TryAdd(alias, type)) Fault(type, $"its alias \"{alias}\" is that of {_aliases[alias]}");
    }

    /// <summary>The property of a backing field, else the field.</summary>
    private static MemberInfo MemberOf(FieldInfo field) => field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end
        ? field.DeclaringType!.GetProperty(field.Name[1..end], Declared) ?? (MemberInfo)field
        : field;

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias;

    /// <summary>What a task gives; void where it gives nothing, null where it is no task.</summary>
    private static Type? Result(Type task) => task switch
    {
        _ when task == typeof(Task) || task == typeof(ValueTask) => typeof(void),
        { IsGenericType: true } when task.GetGenericTypeDefinition() == typeof(Task<>) || task.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
            task.GenericTypeArguments[0],
        _ => null,
    };

    /// <summary>Whether activations could tell each other something through it. What a generator keeps there is its own.</summary>
    private static bool IsShared(FieldInfo field) =>
        !field.IsLiteral && !field.IsDefined(typeof(GeneratedCodeAttribute))
        && (!field.IsInitOnly || field.FieldType.IsArray
            || field.FieldType.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent" or "System.Collections");

    private void Fault(Type where, string what) => Fault(where.ToString(), what);

    private void Fault(string where, string what) => _faults.Add(new ContractFault(where, what));
}
