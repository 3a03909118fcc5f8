// Runs admission policies as the API server runs them, by its own library: matching, variables, mutation and validation, with its
// cost limits.
//
// In: arrays of {policies, requests} on standard input, each request with operation, object, oldObject and namespace. Out: a line
// for each, with an array of {input, object, denied, warned, error, total, dearest, name} for each of {policies, requests}; name is
// that of the dearest expression.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	v1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

type question struct {
	Policies []json.RawMessage `json:"policies"`
	Requests []request         `json:"requests"`
}

type request struct {
	Operation string           `json:"operation"`
	Object    json.RawMessage  `json:"object"`
	OldObject json.RawMessage  `json:"oldObject"`
	Namespace corev1.Namespace `json:"namespace"`
}

type answer struct {
	Input   any      `json:"input"`
	Object  any      `json:"object"`
	Denied  string   `json:"denied"`
	Warned  []string `json:"warned"`
	Error   string   `json:"error"`
	Total   int64    `json:"total"`
	Dearest int64    `json:"dearest"`
	Name    string   `json:"name"`
}

// What both kinds of policies have.
type policy struct {
	name        string
	text        string
	constraints *v1.MatchResources
	conditions  []v1.MatchCondition
	variables   []v1.Variable
	mutations   []v1.Mutation
	validations []v1.Validation
	action      v1.ValidationAction
	compiler    *plugincel.CompositedCompiler
	programs    map[string]plugincel.CompilationResult
	matcher     matchconditions.Matcher
	patchers    []patch.Patcher
	checks      plugincel.ConditionEvaluator
	messages    plugincel.ConditionEvaluator
}

var scheme = runtime.NewScheme()

// Compiling takes longer than all the rest.
var compiled = map[string]*policy{}

func main() {
	exitOn(corev1.AddToScheme(scheme))
	exitOn(appsv1.AddToScheme(scheme))
	decoder, encoder := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var asked []question
		err := decoder.Decode(&asked)
		if errors.Is(err, io.EOF) {
			return
		}
		exitOn(err)
		exitOn(encoder.Encode(answerAll(asked)))
	}
}

func answerAll(asked []question) [][]answer {
	all := make([][]answer, 0, len(asked))
	for _, one := range asked {
		policies, err := read(one.Policies)
		answers := make([]answer, 0, len(one.Requests))
		for _, request := range one.Requests {
			if err != nil {
				answers = append(answers, answer{Error: err.Error()})
				continue
			}
			answers = append(answers, admit(policies, request))
		}
		all = append(all, answers)
	}
	return all
}

// A policy without a binding does nothing: that is an error here.
func read(objects []json.RawMessage) ([]*policy, error) {
	var policies []*policy
	bound := map[string]v1.ValidationAction{}
	for _, text := range objects {
		var kind metav1.TypeMeta
		if err := json.Unmarshal(text, &kind); err != nil {
			return nil, err
		}
		var err error
		switch kind.Kind {
		case "MutatingAdmissionPolicy":
			var own v1.MutatingAdmissionPolicy
			err = strict(text, &own)
			policies = append(policies, &policy{name: kind.Kind + "/" + own.Name, text: string(text), constraints: own.Spec.MatchConstraints,
				conditions: own.Spec.MatchConditions, variables: own.Spec.Variables, mutations: own.Spec.Mutations})
		case "ValidatingAdmissionPolicy":
			var own v1.ValidatingAdmissionPolicy
			err = strict(text, &own)
			policies = append(policies, &policy{name: kind.Kind + "/" + own.Name, text: string(text), constraints: own.Spec.MatchConstraints,
				conditions: own.Spec.MatchConditions, variables: own.Spec.Variables, validations: own.Spec.Validations})
		case "MutatingAdmissionPolicyBinding":
			var own v1.MutatingAdmissionPolicyBinding
			err = strict(text, &own)
			bound["MutatingAdmissionPolicy/"+own.Spec.PolicyName] = ""
		case "ValidatingAdmissionPolicyBinding":
			var own v1.ValidatingAdmissionPolicyBinding
			err = strict(text, &own)
			bound["ValidatingAdmissionPolicy/"+own.Spec.PolicyName] = own.Spec.ValidationActions[0]
		default:
			err = fmt.Errorf("%s is no policy", kind.Kind)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, own := range policies {
		action, ok := bound[own.name]
		if !ok {
			return nil, fmt.Errorf("%s has no binding", own.name)
		}
		own.action = action
	}
	for i, own := range policies {
		known, ok := compiled[own.text+string(own.action)]
		if !ok {
			if err := own.compile(); err != nil {
				return nil, fmt.Errorf("%s: %w", own.name, err)
			}
			known = own
			compiled[own.text+string(own.action)] = own
		}
		policies[i] = known
	}
	return policies, nil
}

func strict(text []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// Source: compilePolicy of the packages mutating and validating, which are not exported.
func (p *policy) compile() error {
	options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
	base := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
	compiler, err := plugincel.NewCompositedCompiler(base)
	if err != nil {
		return err
	}
	p.compiler, p.programs = compiler, map[string]plugincel.CompilationResult{}
	for _, variable := range p.variables {
		own := compiler.CompileAndStoreVariable(
			&validating.Variable{Name: variable.Name, Expression: variable.Expression}, options, environment.StoredExpressions)
		if own.Error != nil {
			return fmt.Errorf("variable %s: %s", variable.Name, own.Error.Detail)
		}
		p.programs[variable.Name] = own
	}
	fail := v1.Fail
	var conditions, checks, messages []plugincel.ExpressionAccessor
	for i := range p.conditions {
		conditions = append(conditions, (*matchconditions.MatchCondition)(&p.conditions[i]))
	}
	p.matcher = matchconditions.NewMatcher(
		compiler.CompileCondition(conditions, options, environment.StoredExpressions), &fail, "policy", "judge", p.name)
	for _, validation := range p.validations {
		check := &validating.ValidationCondition{Expression: validation.Expression}
		message := &validating.MessageExpressionCondition{MessageExpression: validation.MessageExpression}
		p.programs["validation"] = compiler.CompileCELExpression(check, options, environment.StoredExpressions)
		p.programs["message"] = compiler.CompileCELExpression(message, options, environment.StoredExpressions)
		checks, messages = append(checks, check), append(messages, message)
	}
	p.checks = compiler.CompileCondition(checks, options, environment.StoredExpressions)
	p.messages = compiler.CompileCondition(messages, options, environment.StoredExpressions)
	withPatches := options
	withPatches.HasPatchTypes = true
	for _, mutation := range p.mutations {
		expression := &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}
		own := compiler.CompileCELExpression(expression, withPatches, environment.StoredExpressions)
		if own.Error != nil {
			return fmt.Errorf("mutation: %s", own.Error.Detail)
		}
		p.programs["mutation"] = own
		p.patchers = append(p.patchers, patch.NewJSONPatcher(
			compiler.CompileMutatingEvaluator(expression, withPatches, environment.StoredExpressions)))
	}
	return nil
}

func admit(policies []*policy, asked request) answer {
	var result answer
	object, err := decode(asked.Object)
	if err != nil {
		return answer{Error: err.Error()}
	}
	old, err := decode(asked.OldObject)
	if err != nil {
		return answer{Error: err.Error()}
	}
	result.Input = object.DeepCopyObject()
	for _, mutates := range []bool{true, false} {
		for _, own := range policies {
			if (len(own.patchers) > 0) != mutates {
				continue
			}
			if object, err = own.run(asked, object, old, &result); err != nil {
				result.Error = fmt.Sprintf("%s: %s", own.name, err)
				return result
			}
		}
	}
	result.Object = object
	return result
}

func (p *policy) run(asked request, object, old runtime.Object, result *answer) (runtime.Object, error) {
	attributes := attributesOf(asked, object, old)
	if !p.matches(asked, object, old) {
		return object, nil
	}
	ctx := p.compiler.CreateContext(context.Background())
	if matched := p.matcher.Match(ctx, attributes, nil, nil); matched.Error != nil || !matched.Matches {
		return object, matched.Error
	}
	p.weigh(attributes, asked, result)
	resource := attributes.Attributes.GetResource()
	for _, patcher := range p.patchers {
		changed, err := patcher.Patch(ctx, patch.Request{MatchedResource: resource, VersionedAttributes: attributes,
			ObjectInterfaces: admission.NewObjectInterfacesFromScheme(scheme), Namespace: &asked.Namespace},
			celconfig.RuntimeCELCostBudget)
		if err != nil {
			return nil, err
		}
		object = changed
	}
	if len(p.validations) == 0 {
		return object, nil
	}
	review := plugincel.CreateAdmissionRequest(attributes.Attributes, metav1.GroupVersionResource(resource),
		metav1.GroupVersionKind(attributes.VersionedKind))
	checks, left, err := p.checks.ForInput(ctx, attributes, review, plugincel.OptionalVariableBindings{}, &asked.Namespace,
		celconfig.RuntimeCELCostBudget)
	if err != nil {
		return nil, err
	}
	if checks[0].Error != nil {
		return nil, checks[0].Error
	}
	if checks[0].EvalResult.Value() == true {
		return object, nil
	}
	messages, _, err := p.messages.ForInput(ctx, attributes, review, plugincel.OptionalVariableBindings{}, &asked.Namespace, left)
	if err = errors.Join(err, messages[0].Error); err != nil {
		return nil, err
	}
	if message := messages[0].EvalResult.Value().(string); p.action == v1.Warn {
		result.Warned = append(result.Warned, message)
	} else if result.Denied == "" {
		result.Denied = message
	}
	return object, nil
}

// The cost of each expression alone, and of all that the policy evaluates.
func (p *policy) weigh(attributes *admission.VersionedAttributes, asked request, result *answer) {
	ctx := p.compiler.CreateContext(context.Background())
	review := plugincel.CreateAdmissionRequest(attributes.Attributes,
		metav1.GroupVersionResource(attributes.Attributes.GetResource()), metav1.GroupVersionKind(attributes.VersionedKind))
	activation := map[string]any{"object": plain(attributes.VersionedObject), "oldObject": plain(attributes.VersionedOldObject),
		"request": plain(review), "namespaceObject": plain(plugincel.CreateNamespaceObject(&asked.Namespace))}
	activation["variables"] = ctx.Variables(activation)
	var total int64
	for name, program := range p.programs {
		_, details, err := program.Program.ContextEval(ctx, activation)
		if err != nil || details == nil || details.ActualCost() == nil {
			continue
		}
		cost := int64(*details.ActualCost())
		total += cost
		if cost > result.Dearest {
			result.Dearest, result.Name = cost, p.name+" "+name
		}
	}
	result.Total = max(result.Total, total)
}

func plain(object any) any {
	if object == nil {
		return nil
	}
	text, err := json.Marshal(object)
	exitOn(err)
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	exitOn(decoder.Decode(&value))
	return numbers(value)
}

func numbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		integer, _ := value.Int64()
		return integer
	case []any:
		for i := range value {
			value[i] = numbers(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = numbers(value[key])
		}
	}
	return value
}

// The API server's own matcher asks informers for namespaces and needs a cluster.
func (p *policy) matches(asked request, object, old runtime.Object) bool {
	kind := object.GetObjectKind().GroupVersionKind()
	resource := strings.ToLower(kind.Kind) + "s"
	isFor := false
	for _, rule := range p.constraints.ResourceRules {
		isFor = isFor || contains(rule.APIGroups, kind.Group) && contains(rule.Resources, resource) &&
			contains(rule.Operations, v1.OperationType(asked.Operation))
	}
	selects := func(selector *metav1.LabelSelector, own map[string]string) bool {
		compiled, err := metav1.LabelSelectorAsSelector(selector)
		exitOn(err)
		return compiled.Matches(labels.Set(own))
	}
	spaceLabels := map[string]string{"kubernetes.io/metadata.name": asked.Namespace.Name}
	for key, value := range asked.Namespace.Labels {
		spaceLabels[key] = value
	}
	isObject := selects(p.constraints.ObjectSelector, object.(metav1.Object).GetLabels())
	if old != nil {
		isObject = isObject || selects(p.constraints.ObjectSelector, old.(metav1.Object).GetLabels())
	}
	return isFor && isObject && selects(p.constraints.NamespaceSelector, spaceLabels)
}

func contains[T comparable](list []T, wanted T) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}

func attributesOf(asked request, object, old runtime.Object) *admission.VersionedAttributes {
	kind := object.GetObjectKind().GroupVersionKind()
	meta := object.(metav1.Object)
	resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: strings.ToLower(kind.Kind) + "s"}
	own := admission.NewAttributesRecord(object, old, kind, asked.Namespace.Name, meta.GetName(), resource, "",
		admission.Operation(asked.Operation), &metav1.CreateOptions{}, false, nil)
	return &admission.VersionedAttributes{Attributes: own, VersionedKind: kind, VersionedObject: object, VersionedOldObject: old}
}

// The object as an API server has it: without unknown fields and empty ones.
func decode(text json.RawMessage) (runtime.Object, error) {
	if len(text) == 0 || string(text) == "null" {
		return nil, nil
	}
	var loose unstructured.Unstructured
	if err := loose.UnmarshalJSON(text); err != nil {
		return nil, err
	}
	kind := loose.GroupVersionKind()
	typed, err := scheme.New(kind)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, typed); err != nil {
		return nil, err
	}
	typed.GetObjectKind().SetGroupVersionKind(kind)
	return typed, nil
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
